import { describe, expect, test } from "vitest";
import { toPublicCookie } from "../../../../src/gateway/respond/origin-cookies.ts";
import { BARE, BASED, BOTH, itself, mount, STRIPPED, STRIPPED_BASED, TENANT } from "./mounts.ts";

const TENANT_ITSELF = itself(TENANT);
/** Gateway and origin under one domain. */
const SIBLING = mount("", "", "", {
  origin: { origin: "https://o.example.com", host: "o.example.com", base: "" },
});

describe("cookies that an origin sets", () => {
  test.each([
    [BARE, "a=1", "a=1"],
    [BARE, "a=1; Path=/; HttpOnly", "a=1; Path=/; HttpOnly"],
    [BARE, "a=1; Domain=o.example; Secure", "a=1; Secure"],
    [BARE, "a=1; domain=.O.Example", "a=1"],
    [BARE, "a=1; Domain=example", "a=1"],
    [BARE, "a=1; Domain=example.com", "a=1; Domain=example.com"],
    [BARE, "a=1; domain=.Shop.Example.COM ;Secure", "a=1; domain=.Shop.Example.COM ;Secure"],
    [SIBLING, "a=1; Domain=example.com", "a=1; Domain=example.com"],
    [SIBLING, "a=1; Domain=.example.com;Secure", "a=1; Domain=.example.com;Secure"],
    [SIBLING, "a=1; Domain=o.example.com", "a=1"],
    // The last one counts: what the origin meant for itself must not become everybody's.
    [SIBLING, "a=1; Domain=example.com; Domain=o.example.com", "a=1"],
    [
      SIBLING,
      "a=1; Domain=o.example.com; Domain=example.com",
      "a=1; Domain=o.example.com; Domain=example.com",
    ],
    [BARE, "a=1; Domain=; Secure", "a=1; Domain=; Secure"],
    [BARE, "a=1; Domain=other.example", "a=1; Domain=other.example"],
    [TENANT, "a=1; Path=/", "a=1; Path=/storefrontA"],
    [TENANT, "a=1; path=/cart/", "a=1; path=/storefrontA/cart/"],
    [TENANT, "a=1;PATH = /admin/ ;x", "a=1;PATH = /storefrontA/admin/ ;x"],
    [TENANT, "a=1; Path=/storefrontA", "a=1; Path=/storefrontA"],
    [TENANT, "a=1; Path=/storefrontA/cart/", "a=1; Path=/storefrontA/cart/"],
    [TENANT, "a=1; Path=/storefrontAB", "a=1; Path=/storefrontA/storefrontAB"],
    [BARE, "a=1; Path=/admin/", "a=1; Path=/admin/"],
    [TENANT, "a=1; Path=relative", "a=1; Path=relative"],
    [BASED, "a=1; Path=/base", "a=1; Path=/"],
    [BASED, "a=1; Path=/base/x", "a=1; Path=/x"],
    [BASED, "a=1; Path=/base/", "a=1; Path=/"],
    [BASED, "a=1; Path=/", "a=1; Path=/"],
    [BASED, "a=1; Path=/other/", "a=1; Path=/other/"],
    [STRIPPED, "a=1; Path=/", "a=1; Path=/"],
    [STRIPPED, "a=1; Path=/x/", "a=1; Path=/api/x/"],
    [STRIPPED, "a=1; Path=/api/x", "a=1; Path=/api/x"],
    [STRIPPED_BASED, "a=1; Path=/", "a=1; Path=/"],
    [STRIPPED_BASED, "a=1; Path=/v3", "a=1; Path=/api"],
    [STRIPPED_BASED, "a=1; Path=/v3/", "a=1; Path=/api/"],
    [BOTH, "a=1; Path=/", "a=1; Path=/storefrontA"],
    [BOTH, "a=1; Path=/base", "a=1; Path=/storefrontA"],
    [BOTH, "a=1; Path=/base/deep/x", "a=1; Path=/storefrontA/api/x"],
    // Not this origin's path; beside the mount it would be another tenant's.
    [BOTH, "a=1; Path=/storefrontB", "a=1; Path=/storefrontA/storefrontB"],
    [TENANT, "__Host-a=1; Path=/; Secure", "__Host-a=1; Path=/; Secure"],
    [TENANT, "a=b=c; Unknown=x; Partitioned", "a=b=c; Unknown=x; Partitioned"],
    [TENANT, "__host-a=1; Domain=o.example;Path=/x", "__host-a=1; Domain=o.example;Path=/x"],
    [TENANT, 'a="q; r";  Path="/x" ;;Max-Age= 5', 'a="q; r";  Path="/x" ;;Max-Age= 5'],
    [
      BARE,
      ' a = "1" ;EXPIRES=Wed, 01 Jan 2048 00:00:00 GMT',
      ' a = "1" ;EXPIRES=Wed, 01 Jan 2048 00:00:00 GMT',
    ],
    [itself(STRIPPED), "a=1", "a=1"],
    [itself(BOTH), "a=1", "a=1"],
    [TENANT, "a=1", "a=1"],
    // No browser takes a no-break space for a blank: these are neither a path nor a name that is the whole host's.
    [TENANT_ITSELF, "a=1;\u00a0Path=/x", "a=1;\u00a0Path=/x; Path=/storefrontA"],
    [TENANT, "\u00a0__Host-a=1; Path=/", "\u00a0__Host-a=1; Path=/storefrontA"],
    [TENANT_ITSELF, "a=1; Secure", "a=1; Secure; Path=/storefrontA"],
    [TENANT_ITSELF, "a=1; Path=", "a=1; Path=; Path=/storefrontA"],
    [TENANT_ITSELF, "a=1; Path=/x; Path=x", "a=1; Path=/storefrontA/x; Path=x; Path=/storefrontA"],
    [TENANT_ITSELF, "a=1; Path=/x", "a=1; Path=/storefrontA/x"],
    [TENANT_ITSELF, "__Host-a=1; Path=/; Secure", "__Host-a=1; Path=/; Secure"],
    [itself(BARE), "a=1", "a=1"],
    [TENANT, "a=1; Path=/; Path=/y", "a=1; Path=/storefrontA; Path=/storefrontA/y"],
  ])("%# %j", (where, cookie, outside) => {
    expect(toPublicCookie(cookie, where)).toBe(outside);
  });
});

test("a path that browsers pass over as too long does not open the whole host", () => {
  const path = (length: number) => `/${"a".repeat(length - "/storefrontA/".length)}`;
  const set = (length: number) => toPublicCookie(`a=1; Path=${path(length)}`, TENANT_ITSELF);
  expect(set(1024)).toBe(`a=1; Path=/storefrontA${path(1024)}`);
  expect(set(1025)).toBe(`a=1; Path=/storefrontA${path(1025)}; Path=/storefrontA`);
});
