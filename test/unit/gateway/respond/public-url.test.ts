import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { targetUrl } from "../../../../src/gateway/forward/target.ts";
import { toPublicUrl } from "../../../../src/gateway/respond/public-url.ts";
import { check } from "../../../support/property.ts";
import { BARE, BASED, BOTH, itself, mount, STRIPPED, STRIPPED_BASED, TENANT } from "./mounts.ts";

const TENANT_ITSELF = itself(TENANT);
/** Behind a trusted proxy with a prefix of its own. */
const NESTED = mount("/api/v3", "", "/api");
const OUTER = mount("", "/storefrontA", "", { toldPrefix: "/mount/storefrontA" });

describe("a reference to the origin", () => {
  test.each([
    ["another host", BARE, "https://other.example/x"],
    ["another port of the origin", BARE, "https://o.example/x"],
    ["a relative path", TENANT, "next?x#y"],
    ["a prefix that is there already", TENANT, "/storefrontA/x"],
    ["a prefix that is there already, and nothing else", TENANT, "/storefrontA"],
    ["what would be a double prefix", TENANT, "/storefrontA/storefrontA/x"],
    ["a stripped prefix that is there already", STRIPPED, "/api/x?a#"],
    ["both prefixes together", BOTH, "/storefrontA/api/x"],
    ["the gateway's own URL", TENANT, "https://shop.example.com/storefrontA/x"],
    ["a query only", TENANT, "?page=2"],
    ["another scheme", TENANT, "mailto:a@o.example"],
    ["a path that the gateway does not mount", BASED, "/other"],
    ["a name that only begins like the base", BASED, "/basement"],
    ["what is not a URL", TENANT, "https://[bad"],
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
    [BOTH, "https://o.example:8443/base/deep", "https://shop.example.com/storefrontA/api"],
    [BOTH, "https://o.example:8443/base/deep/", "https://shop.example.com/storefrontA/api/"],
    // A prefix that an origin wrote itself, into a whole URL, or before its own base.
    [TENANT, "https://o.example:8443/storefrontA/x", "https://shop.example.com/storefrontA/x"],
    [STRIPPED_BASED, "/api/v3/x", "/api/x"],
    [STRIPPED_BASED, "/v3", "/api"],
    [STRIPPED_BASED, "/v3/", "/api/"],
    // A base that lies below that prefix: what begins with both is the origin's own.
    [NESTED, "/api/v3/x", "/api/x"],
    [NESTED, "/api/v3", "/api"],
    [NESTED, "/api/x", "/api/x"],
    [NESTED, "/api/api/v3/x", "/api/x"],
    [OUTER, "/mount/storefrontA/x", "/mount/storefrontA/x"],
    [OUTER, "/x", "/storefrontA/x"],
    // Only the beginning of a segment.
    [TENANT, "/storefrontAB/x", "/storefrontA/storefrontAB/x"],
  ])("%# %j", (where, reference, outside) => {
    expect(toPublicUrl(reference, where)).toBe(outside);
  });

  test.each([
    [TENANT, "../x?y#", "/storefrontA/x?y#"],
    [TENANT_ITSELF, "next?x#y", "/storefrontA/next?x#y"],
    [TENANT_ITSELF, "./next/", "/storefrontA/next/"],
    [TENANT_ITSELF, "a/../b", "/storefrontA/b"],
    [itself(BOTH), "deep/next", "/storefrontA/api/next"],
    // The origin was asked for its base itself, so what is beside that is not below it.
    [itself(BOTH), "next", "next"],
    // Above its base the origin has nothing that the gateway mounts.
    [itself(BOTH), "../next", "../next"],
    [TENANT_ITSELF, "?page=2", "?page=2"],
    [TENANT_ITSELF, "#part", "#part"],
    [TENANT_ITSELF, "mailto:a@b", "mailto:a@b"],
    [itself(BARE), "next", "next"],
  ])("what is relative to a tenant's first page: %# %s", (where, reference, outside) => {
    expect(toPublicUrl(reference, where)).toBe(outside);
  });

  // A path with two slashes in front is a reference to another host: the open redirect of CVE-2018-14574 and others.
  test.each([
    [BASED, "/base//evil.example/", "https://shop.example.com//evil.example/"],
    [BASED, "/base/.//evil.example/", "https://shop.example.com//evil.example/"],
    [BASED, "/base/\\evil.example/", "https://shop.example.com//evil.example/"],
    [BASED, "/base/\t/evil.example/", "https://shop.example.com//evil.example/"],
    // A browser takes the dots out after it has read the host.
    [BARE, "/.//evil.example/", "/.//evil.example/"],
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

  // Quotes, blanks, brackets, broken escapes and what is not ASCII; a parser would encode some of them and leave out others.
  const ODD = "/a'b\"c|d^{e}[f]%zz%2f%C3%a9\u00e9;p=1//x";

  test.each([
    ["an empty fragment", "/x#"],
    ["an empty query", "/x?"],
    ["both", "/x?#"],
    ["odd signs", `${ODD}?q=${ODD}&'"#${ODD}`],
    ["dots and a backslash in query and fragment", "/x?../..\\a#../."],
  ])("keeps its bytes but for what stands in front: %s", (_, rest) => {
    expect(toPublicUrl(rest, BARE)).toBe(rest);
    expect(toPublicUrl(rest, TENANT)).toBe(`/storefrontA${rest}`);
    expect(toPublicUrl(`/base${rest}`, BASED)).toBe(rest);
    const whole = `https://o.example:8443${rest}`;
    expect(toPublicUrl(whole, BARE)).toBe(`https://shop.example.com${rest}`);
    expect(toPublicUrl(whole, STRIPPED)).toBe(`https://shop.example.com/api${rest}`);
  });

  test.each([
    ["https://o.example", "https://o.example:443/x"],
    ["https://o.example", "http://o.example:80/x"],
    ["https://o.example", "http://o.example/x"],
    ["http://o.example", "https://O.Example.:443/x"],
    ["https://o.example", "http://o.example:443/x"],
    ["http://o.example:443", "https://o.example/x"],
    ["https://o.example", "//o.example:80/x"],
  ])("a scheme's own port is not another port: %s, %s", (own, reference) => {
    const at = mount("", "", "", { origin: { origin: own, host: new URL(own).host, base: "" } });
    expect(toPublicUrl(reference, at)).toBe("https://shop.example.com/x");
  });

  test("an origin of the gateway's own name means the scheme it writes", () => {
    const own = { origin: "http://shop.example.com", host: "shop.example.com", base: "" };
    const at = mount("", "/storefrontA", "", { origin: own });
    const plain = mount("", "", "", { origin: own });
    expect(toPublicUrl("http://shop.example.com/x#", plain)).toBe("http://shop.example.com/x#");
    expect(toPublicUrl("http://shop.example.com/x", at)).toBe(
      "http://shop.example.com/storefrontA/x",
    );
  });

  test("leads back to where the request came in, whatever its path and mount", () => {
    const below = fc
      .array(fc.constantFrom("/", "/a", "//", "/%2F", "/;p", "/caf%C3%A9", "/base", "/v3"), {
        maxLength: 5,
      })
      .map((pieces) => pieces.join(""));
    check(
      fc.property(
        fc.constantFrom(BARE, BASED, TENANT, BOTH, STRIPPED, STRIPPED_BASED),
        below,
        (at, rest) => {
          // At the gateway's own root an origin is asked for its base with a slash.
          const path = at.prefix === "" && !rest.startsWith("/") ? "/" : at.prefix + rest;
          const asked = targetUrl(at.origin, path.slice(at.prefix.length), "?q#");
          const seen = path === at.prefix && at.origin.base === "" ? `${path}/` : path;
          expect(toPublicUrl(asked, at)).toBe(`https://shop.example.com${seen}?q#`);
        },
      ),
      { runs: 3000 },
    );
  });
});
