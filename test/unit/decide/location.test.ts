import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decide } from "../../../src/decide/decide.ts";
import { leadsBack, locationOf, type AskedUrl } from "../../../src/decide/location.ts";
import type { Redirect } from "../../../src/decide/outcome.ts";
import { normalPath, withoutPrefix } from "../../../src/lib/path.ts";
import { compile } from "../../../src/policy/compile.ts";
import type { Policy } from "../../../src/policy/schema.ts";
import { factsFrom } from "../../property/arbitraries/facts.ts";
import { check } from "../../support/property.ts";
import { pathMap, redirect } from "../policy/judge.ts";

/** A URL as the gateway takes it apart; `mount` is the tenant's segment. */
function askedFor(text: string, mount = ""): AskedUrl {
  const url = new URL(text);
  return { origin: url.origin, path: normalPath(url.pathname), mount, search: url.search };
}

/** Where a policy redirects a request for a URL. Whether it is valid is asked elsewhere. */
function location(policy: object, text: string, mount = ""): string {
  const asked = askedFor(text, mount);
  const facts = factsFrom({ path: withoutPrefix(asked.path, mount) });
  const outcome = decide(compile(policy as Policy, "shop.example.com"), facts);
  if (outcome.do !== "redirect") throw new Error(`not redirected: ${outcome.do}`);
  return locationOf(outcome, asked);
}

const OLD = (target: Readonly<Record<string, unknown>>) =>
  pathMap({ paths: { "/old": redirect(target) } });

describe("a redirect leads", () => {
  test.each([
    // What is left out stays.
    [{ host: "b.example" }, "http://a.example/x/?y=1&y#f", "http://b.example/x/?y=1&y"],
    [{ host: "b.example" }, "https://a.example:8443/x", "https://b.example:8443/x"],
    [{ host: "BÜCHER.example" }, "https://a.example/x", "https://xn--bcher-kva.example/x"],
    [{ host: "[::1]" }, "https://a.example/x", "https://[::1]/x"],
    [{ path: "/" }, "https://a.example:8443/x?y", "https://a.example:8443/?y"],
    [{ port: 8443 }, "https://a.example/x", "https://a.example:8443/x"],
    [{ port: 8443 }, "https://[::1]:99/x", "https://[::1]:8443/x"],
    // A scheme without a port means that scheme's own.
    [{ scheme: "https" }, "http://a.example:8080/x", "https://a.example/x"],
    [{ scheme: "http" }, "http://a.example:8080/x", "http://a.example/x"],
    [{ scheme: "https", port: 8443 }, "http://a.example/x", "https://a.example:8443/x"],
    // A default port is left out.
    [{ scheme: "https", port: 443 }, "http://a.example/x", "https://a.example/x"],
    [{ port: 80 }, "http://a.example:8080/x", "http://a.example/x"],
    [{ port: 80 }, "https://a.example/x", "https://a.example:80/x"],
    // Paths.
    [{ path: "/new" }, "https://a.example/x/y/?q", "https://a.example/new?q"],
    [{ path: "/é/%7e" }, "https://a.example/x", "https://a.example/%C3%A9/~"],
    [{ prefix: "/new" }, "https://a.example/x", "https://a.example/new/x"],
    [{ prefix: "/new" }, "https://a.example/", "https://a.example/new/"],
  ])("%j: %s to %s", (target, from, to) => {
    expect(location(redirect(target), from)).toBe(to);
  });

  test.each([
    ["/new", "/old", "/new"],
    ["/new", "/old/", "/new/"],
    ["/new", "/old/x", "/new/x"],
    ["/new/", "/old", "/new"],
    ["/new/", "/old/", "/new/"],
    ["", "/old", "/"],
    ["", "/old/", "/"],
    ["", "/old/x", "/x"],
    ["/", "/old/x", "/x"],
    ["/a/b", "/old//x/", "/a/b//x/"],
    ["/new", "/%6fld/%78%2f", "/new/x%2F"],
    ["", "/old//evil.example/x", "//evil.example/x"],
  ])("with the prefix %j from %s to %s", (prefix, from, to) => {
    expect(location(OLD({ prefix }), `https://a.example${from}`)).toBe(`https://a.example${to}`);
  });

  test("with the prefix of a rule, or of the key that a rule stands under", () => {
    const target = redirect({ prefix: "/new" });
    const rules = [{ match: { path: ["/a", "/x/*", "/x/y/*"] }, policy: target }];
    expect(location({ strategy: "path-map", rules }, "https://a.example/x/y/z")).toBe(
      "https://a.example/new/z",
    );
    expect(location({ strategy: "path-map", rules }, "https://a.example/x/z")).toBe(
      "https://a.example/new/z",
    );
    const inside = [{ match: { method: "GET" }, policy: target }];
    const map = pathMap({ paths: { "/x": { origin: "https://o.example", rules: inside } } });
    expect(location(map, "https://a.example/x/y")).toBe("https://a.example/new/y");
  });

  test.each([
    // On the same host a tenant's policy knows its paths without its segment.
    [redirect({ scheme: "https" }), "/t/x", "https://a.example/t/x"],
    [redirect({ path: "/new" }), "/t", "http://a.example/t/new"],
    [OLD({ path: "/new" }), "/t/old", "http://a.example/t/new"],
    [OLD({ prefix: "/new" }), "/t/old/x", "http://a.example/t/new/x"],
    [OLD({ prefix: "" }), "/t/old", "http://a.example/t/"],
    [OLD({ prefix: "", port: 8080 }), "/t/old/x", "http://a.example:8080/t/x"],
    // On a host that it names, paths are whole.
    [OLD({ host: "b.example" }), "/t/old/x", "http://b.example/t/old/x"],
    [OLD({ host: "b.example", path: "/new" }), "/t/old", "http://b.example/new"],
    [OLD({ host: "b.example", prefix: "/new" }), "/t/old/x", "http://b.example/new/x"],
    [redirect({ host: "b.example", prefix: "" }), "/t/x", "http://b.example/x"],
  ])("under a tenant's segment %j: %s to %s", (policy, from, to) => {
    expect(location(policy, `http://a.example${from}`, "/t")).toBe(to);
  });

  test("in a circle only where it is the very URL that was asked for", () => {
    const asked = askedFor("https://a.example/x?y");
    const leads = (url: string, to: Partial<Redirect["to"]> = { scheme: "https" }) =>
      leadsBack({ to } as Redirect, url, asked);
    expect(leads("https://a.example/x?y")).toBe(true);
    for (const other of ["http://a.example/x?y", "https://a.example/x", "https://a.example/x/?y"])
      expect(leads(other)).toBe(false);
    expect(leads("https://a.example/x?y", { host: "a.example" })).toBe(false);
  });
});

describe("no request can steer a redirect", () => {
  /** What opens a redirect elsewhere: other hosts, credentials, line ends, and how they are hidden. */
  const tricks = fc.constantFrom(
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/%2f/evil.example",
    "/%5cevil.example",
    "/@evil.example",
    "@evil.example",
    ":80@evil.example/",
    "/.evil.example",
    "https://evil.example/",
    "%0d%0aLocation: https://evil.example",
    "\r\nx: y",
    "\t//evil.example",
    "/../../evil.example",
    "javascript:alert(1)",
    "?next=//evil.example",
    "#@evil.example",
    "é漢\u0000",
  );
  const path = fc
    .array(fc.oneof(tricks, fc.string(), fc.constant("/old"), fc.constant("/")), { maxLength: 6 })
    .map((parts) => parts.join(""));
  const target = fc.record(
    {
      scheme: fc.constantFrom("http", "https"),
      host: fc.constantFrom("b.example", "[::1]"),
      port: fc.constantFrom(80, 443, 8443),
      prefix: fc.constantFrom("", "/", "/new", "/@x"),
    },
    { requiredKeys: [] },
  );

  test("to a host that neither the policy nor the request's own authority names, nor into a field of its own", () => {
    let redirected = 0;
    check(
      fc.property(path, target, fc.boolean(), (text, to, isTenant) => {
        const url =
          URL.parse(`https://a.example:444${text}`) ?? URL.parse("https://a.example:444/");
        // What follows the port may make another authority of it: then it is that one which is asked.
        if (url === null || url.host !== "a.example:444") return;
        const mount = isTenant && url.pathname.startsWith("/t/") ? "/t" : "";
        const policy = pathMap({ paths: { "/old": redirect(to) }, default: redirect(to) });
        const led = location(policy, url.href, mount);
        redirected += 1;
        expect(led).toMatch(/^[\x21-\x7E]+$/);
        const parsed = new URL(led);
        expect(parsed.hostname).toBe(to.host ?? "a.example");
        expect([parsed.username, parsed.password, parsed.hash]).toEqual(["", "", ""]);
        expect(parsed.search).toBe(url.search);
        // A parser finds nothing to change: what is sent is what is meant.
        expect(parsed.href.replace(/\?$/, "")).toBe(led.replace(/\?$/, ""));
      }),
    );
    expect(redirected).toBeGreaterThan(50);
  });

  test("and one of a huge path is as long as the request, and takes no longer", () => {
    const huge = `/old${"/x".repeat(8000)}`;
    expect(location(OLD({ prefix: "" }), `https://a.example${huge}`)).toBe(
      `https://a.example${huge.slice(4)}`,
    );
  });
});
