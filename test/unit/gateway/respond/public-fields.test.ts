import { describe, expect, test } from "vitest";
import { MAX_LINKS, toPublicLinks } from "../../../../src/gateway/respond/link.ts";
import type { Mount } from "../../../../src/gateway/respond/mount.ts";
import { leadThroughGateway } from "../../../../src/gateway/respond/public-fields.ts";
import { toPublicRefresh } from "../../../../src/gateway/respond/refresh.ts";
import { BARE, BASED, itself, mount, STRIPPED, TENANT } from "./mounts.ts";

const POLICY = { cookieNames: ["sy"] };

/** What a client gets of these fields. */
function led(fields: Record<string, string>, at: Mount, isScript = false) {
  const headers = new Headers(fields);
  leadThroughGateway(headers, at, isScript, POLICY);
  return Object.fromEntries(headers);
}

test("an origin sets no cookie of ours, such as one behind another gateway would", () => {
  const value = "1.AAAAAAAAAAAAAAAAAAAAAA.m0.m1";
  const headers = new Headers();
  const theirs = ["SY=1; Path=/", "sy2=1", `a=1; sy=${value}`, "near=1.AAAA.m0.m1"];
  const ours = [
    `sy=${value}; Path=/; HttpOnly`,
    "sy=; Max-Age=0",
    " sy =x",
    "sy-override=; Path=/",
  ];
  // Another route's, and Cloudflare Access's.
  ours.push(`v=${value}.1-2; Domain=example.com`, "CF_Authorization=x.y.z");
  for (const cookie of [...ours, ...theirs]) headers.append("set-cookie", cookie);
  leadThroughGateway(headers, BARE, false, POLICY);
  expect(headers.getSetCookie()).toEqual(theirs);
});

describe("fields that refer to the origin", () => {
  test.each(["location", "content-location", "sourcemap", "x-sourcemap"])("%s", (name) => {
    expect(led({ [name]: "https://o.example:8443/x#" }, TENANT)).toEqual({
      [name]: "https://shop.example.com/storefrontA/x#",
    });
  });

  test.each([
    ["5; url=/x", "5; url=/storefrontA/x"],
    ["0;URL='https://o.example:8443/x'", "0;URL='https://shop.example.com/storefrontA/x'"],
    ['0, url = "/x"', '0, url = "/storefrontA/x"'],
    ["5; /x", "5; /storefrontA/x"],
    ["5 , url = /x ", "5 , url = /storefrontA/x"],
    [`0; url="/x"; more`, `0; url="/storefrontA/x"; more`],
    [`0; url='/x`, `0; url='/storefrontA/x`],
    [`0; url="/it's?a=''#"`, `0; url="/storefrontA/it's?a=''#"`],
    [`0; url= " /x "`, `0; url= "/storefrontA/x"`],
    [`0; url=" https://other.example/ "`, `0; url=" https://other.example/ "`],
    ["0; url=/storefrontA/x", "0; url=/storefrontA/x"],
    ["5", "5"],
    ["", ""],
    ["0; url=https://other.example/", "0; url=https://other.example/"],
  ])("Refresh %j", (value, outside) => {
    expect(toPublicRefresh(value, TENANT)).toBe(outside);
  });

  test.each([
    ["</x>; rel=preload", "</storefrontA/x>; rel=preload"],
    [
      '<https://o.example:8443/a,b>;rel="next", <https://other.example/>; title="</c>, <"',
      '<https://shop.example.com/storefrontA/a,b>;rel="next", <https://other.example/>; title="</c>, <"',
    ],
    ['<#top>; rel=start;anchor = "/y"', '<#top>; rel=start;anchor = "/storefrontA/y"'],
    ['</x>; title="a\\"b</y>"', '</storefrontA/x>; title="a\\"b</y>"'],
    ["</storefrontA/x>; rel=preload, < /y >", "</storefrontA/x>; rel=preload, </storefrontA/y>"],
    ["</unclosed", "</storefrontA/unclosed"],
    ["nothing", "nothing"],
    ["<>", "<>"],
  ])("Link %j", (value, outside) => {
    expect(toPublicLinks(value, TENANT)).toBe(outside);
    expect(toPublicLinks(outside, TENANT)).toBe(outside);
  });
});

test("so many links are led through the gateway, and no more", () => {
  const links = Array.from({ length: MAX_LINKS + 1 }, () => "</x>");
  const [last, ...before] = toPublicLinks(links.join(), TENANT).split(",").toReversed();
  expect(new Set(before)).toEqual(new Set(["</storefrontA/x>"]));
  expect(last).toBe("</x>");
});

test("Alt-Svc, which names a way past the gateway, never passes", () => {
  expect(led({ "alt-svc": 'h3="o.example:443"' }, BARE)).toEqual({});
});

describe("Service-Worker-Allowed never reaches beyond the mount", () => {
  const allowed = (value: string, at: Mount) =>
    led({ "service-worker-allowed": value }, at)["service-worker-allowed"];

  test.each([
    [BARE, "/", "/"],
    [BASED, "/base/", "/"],
    [BASED, "/", "/"],
    [TENANT, "/", "/storefrontA/"],
    [TENANT, "/app/", "/storefrontA/app/"],
    [TENANT, "/storefrontA/app", "/storefrontA/app"],
    // Scopes are compared as text: this one would hold /storefrontAB.
    [TENANT, "/storefrontA", "/storefrontA/"],
    [TENANT, "../", "/storefrontA/"],
    [TENANT, "./app/", "./app/"],
    [TENANT, "/%2e%2e/", "/storefrontA/"],
    [TENANT, "https://o.example:8443/", "https://shop.example.com/storefrontA/"],
    [TENANT, "https://shop.example.com/", "/storefrontA/"],
    [TENANT, "https://shop.example.com/storefrontA/../", "/storefrontA/"],
    [TENANT, "https://other.example/", "https://other.example/"],
    [TENANT, "/storefrontA/, /", "/storefrontA/"],
    [STRIPPED, "/", "/api/"],
    [itself(TENANT), "./", "/storefrontA/"],
  ])("%# %j", (at, value, outside) => {
    expect(allowed(value, at)).toBe(outside);
  });

  test("a script at the tenant's own name, whose folder is the whole host, gets the tenant", () => {
    expect(led({}, itself(TENANT), true)).toEqual({ "service-worker-allowed": "/storefrontA/" });
    expect(led({}, itself(TENANT))).toEqual({});
    expect(led({}, TENANT, true)).toEqual({});
    expect(led({}, itself(mount("", "")), true)).toEqual({});
  });
});

// A pattern that tries every way to part a run of spaces takes more than a second for this one (CWE-1333).
test("a Refresh of many spaces takes no time", () => {
  const start = performance.now();
  expect(toPublicRefresh(`5${" ".repeat(50_000)}x`, TENANT)).toMatch(/^5 +x$/);
  expect(performance.now() - start).toBeLessThan(500);
});
