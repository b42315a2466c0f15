import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  toPublicCookie,
  toPublicUrl,
  toPublicRefresh,
  targetUrl,
  type Mount,
} from "../../../../src/gateway/forward/target.ts";
import { normalPath } from "../../../../src/lib/path.ts";
import { check } from "../../../support/property.ts";

const origin = (base: string) => ({
  origin: "https://o.example:8443",
  host: "o.example:8443",
  base,
});
const mount = (base: string, prefix: string): Mount => ({
  origin: origin(base),
  publicOrigin: "https://shop.example.com",
  prefix,
  atPrefix: false,
});
const BARE = mount("", "");
const BASED = mount("/base", "");
const TENANT = mount("", "/storefrontA");
const TENANT_ITSELF = { ...TENANT, atPrefix: true };
const BOTH = mount("/base/deep", "/storefrontA/api");

describe("where a request goes", () => {
  test.each([
    ["", "/x", "?a=b", "https://o.example:8443/x?a=b"],
    ["/base", "/x", "", "https://o.example:8443/base/x"],
    ["/base", "//evil.example/x", "", "https://o.example:8443/base//evil.example/x"],
    ["", "//evil.example/x", "", "https://o.example:8443//evil.example/x"],
    ["", "/@evil.example", "?@", "https://o.example:8443/@evil.example?@"],
  ])("base %j and path %j", (base, path, search, url) => {
    expect(targetUrl(origin(base), path, search)).toBe(url);
  });

  test("what is matched is what is forwarded: no path changes once it is in normal form", () => {
    const piece = fc.constantFrom(
      ..."/ / . .. %2e %2E %2f %5c \\ ; // %00 %25 % %% %3 %32%65 %c0%af é a b ~ | ^ [ ]".split(
        " ",
      ),
    );
    const path = fc.array(piece, { maxLength: 12 }).map((pieces) => `/${pieces.join("")}`);
    check(
      fc.property(path, (text) => {
        const seen = normalPath(new URL(`http://h${text}`).pathname);
        expect(normalPath(seen)).toBe(seen);
        const target = new URL(targetUrl(origin("/base"), seen, ""));
        expect(target.origin + target.pathname).toBe(`https://o.example:8443/base${seen}`);
      }),
      { runs: 5000 },
    );
  });
});

describe("references in Location, Content-Location and Refresh", () => {
  test.each([
    ["another host", BARE, "https://other.example/x"],
    ["another port of the origin", BARE, "https://o.example/x"],
    ["a relative path", TENANT, "next?x#y"],
    ["a query only", TENANT, "?page=2"],
    ["another scheme", TENANT, "mailto:a@o.example"],
    ["a path that the gateway does not mount", BASED, "/other"],
    ["a name that only begins like the base", BASED, "/basement"],
    ["what is no URL", TENANT, "https://[bad"],
    ["nothing", TENANT, ""],
  ])("%s stays as it is", (_, where, reference) => {
    expect(toPublicUrl(reference, where)).toBe(reference);
  });

  test.each([
    [BARE, "https://o.example:8443/x?a#b", "https://shop.example.com/x?a#b"],
    [BARE, "http://O.EXAMPLE:8443/x", "https://shop.example.com/x"],
    [BARE, "//o.example:8443/x", "https://shop.example.com/x"],
    [BARE, "https://o.example:8443", "https://shop.example.com/"],
    [BARE, "/x", "/x"],
    [BASED, "/base/x", "/x"],
    [BASED, "/base", "/"],
    [BASED, "/base/", "/"],
    [BASED, "https://o.example:8443/base?q", "https://shop.example.com/?q"],
    [TENANT, "/x", "/storefrontA/x"],
    [TENANT, "https://o.example:8443/", "https://shop.example.com/storefrontA/"],
    [BOTH, "/base/deep/x", "/storefrontA/api/x"],
    [BOTH, "https://o.example:8443/base/deep", "https://shop.example.com/storefrontA/api/"],
  ])("%# %j", (where, reference, outside) => {
    expect(toPublicUrl(reference, where)).toBe(outside);
  });

  test.each([
    [TENANT_ITSELF, "next?x#y", "/storefrontA/next?x#y"],
    [TENANT_ITSELF, "./next/", "/storefrontA/next/"],
    [TENANT_ITSELF, "a/../b", "/storefrontA/b"],
    [{ ...BOTH, atPrefix: true }, "next", "/storefrontA/api/next"],
    // Above its base the origin has nothing that the gateway mounts.
    [{ ...BOTH, atPrefix: true }, "../next", "../next"],
    [TENANT_ITSELF, "?page=2", "?page=2"],
    [TENANT_ITSELF, "#part", "#part"],
    [TENANT_ITSELF, "mailto:a@b", "mailto:a@b"],
    [{ ...BARE, atPrefix: true }, "next", "next"],
  ])("what is relative to a tenant's first page: %# %s", (where, reference, outside) => {
    expect(toPublicUrl(reference, where)).toBe(outside);
  });

  // A path with two slashes in front is a reference to another host: the open redirect of CVE-2018-14574 and others.
  test.each([
    [BASED, "/base//evil.example/", "https://shop.example.com//evil.example/"],
    [BARE, "/.//evil.example/", "https://shop.example.com//evil.example/"],
    [BARE, "/..//evil.example/", "https://shop.example.com//evil.example/"],
    [TENANT, "/.//evil.example/", "/storefrontA//evil.example/"],
  ])("the path %# leads to no other host", (where, reference, outside) => {
    expect(toPublicUrl(reference, where)).toBe(outside);
  });

  test("no rewritten reference ever leaves the gateway's host", () => {
    const part = fc.constantFrom(
      ..."/ // \\ . .. %2e base o.example:8443 https: http: evil.example @ ? # \t x".split(" "),
    );
    const reference = fc.array(part, { maxLength: 8 }).map((parts) => parts.join(""));
    const page = "https://shop.example.com/page";
    check(
      fc.property(
        reference,
        fc.constantFrom(BARE, BASED, TENANT, TENANT_ITSELF, BOTH),
        (text, where) => {
          const outside = toPublicUrl(text, where);
          if (outside === text) return;
          expect(new URL(outside, page).host).toBe("shop.example.com");
        },
      ),
      { runs: 5000 },
    );
  });

  test.each([
    ["5; url=/x", "5; url=/storefrontA/x"],
    ["0;URL='https://o.example:8443/x'", "0;URL='https://shop.example.com/storefrontA/x'"],
    ['0, url = "/x"', '0, url = "/storefrontA/x"'],
    ["5", "5"],
    ["0; url=https://other.example/", "0; url=https://other.example/"],
  ])("Refresh %j", (value, outside) => {
    expect(toPublicRefresh(value, TENANT)).toBe(outside);
  });
});

// A pattern that tries every way to part a run of spaces takes more than a second for this one (CWE-1333).
test("a Refresh of many spaces takes no time", () => {
  const start = performance.now();
  expect(toPublicRefresh(`5${" ".repeat(50_000)}x`, TENANT)).toMatch(/^5 +x$/);
  expect(performance.now() - start).toBeLessThan(500);
});

describe("cookies that an origin sets", () => {
  test.each([
    [BARE, "a=1", "a=1"],
    [BARE, "a=1; Path=/; HttpOnly", "a=1; Path=/; HttpOnly"],
    [BARE, "a=1; Domain=o.example; Secure", "a=1; Secure"],
    [BARE, "a=1; domain=.O.Example", "a=1"],
    [BARE, "a=1; Domain=example", "a=1"],
    [BARE, "a=1; Domain=other.example", "a=1; Domain=other.example"],
    [TENANT, "a=1; Path=/", "a=1; Path=/storefrontA"],
    [TENANT, "a=1; path=/cart/", "a=1; Path=/storefrontA/cart"],
    [TENANT, "a=1; Path=relative", "a=1; Path=relative"],
    [BASED, "a=1; Path=/base", "a=1; Path=/"],
    [BASED, "a=1; Path=/base/x", "a=1; Path=/x"],
    [BOTH, "a=1; Path=/", "a=1; Path=/storefrontA/api"],
    [TENANT, "__Host-a=1; Path=/; Secure", "__Host-a=1; Path=/; Secure"],
    [TENANT, "a=b=c; Unknown=x; Partitioned", "a=b=c; Unknown=x; Partitioned"],
    [TENANT, "a=1", "a=1"],
    [TENANT_ITSELF, "a=1; Secure", "a=1; Secure; Path=/storefrontA"],
    [TENANT_ITSELF, "a=1; Path=", "a=1; Path=; Path=/storefrontA"],
    [TENANT_ITSELF, "a=1; Path=/x; Path=x", "a=1; Path=/storefrontA/x; Path=x; Path=/storefrontA"],
    [TENANT_ITSELF, "a=1; Path=/x", "a=1; Path=/storefrontA/x"],
    [TENANT_ITSELF, "__Host-a=1; Path=/; Secure", "__Host-a=1; Path=/; Secure"],
    [{ ...BARE, atPrefix: true }, "a=1", "a=1"],
    [TENANT, "a=1; Path=/; Path=/y", "a=1; Path=/storefrontA; Path=/storefrontA/y"],
  ])("%# %j", (where, cookie, outside) => {
    expect(toPublicCookie(cookie, where)).toBe(outside);
  });
});
