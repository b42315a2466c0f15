import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MAX_HOST_CHARS } from "../../../../src/policy/limits.ts";
import {
  ANY,
  hostCandidates,
  hostKey,
  Hosts,
  MAX_HOSTS,
  MAX_HOST_LABELS,
  pathBelow,
  pathCandidate,
} from "../../../../src/gateway/resolve/hosts.ts";
import { normalPath } from "../../../../src/lib/path.ts";
import { check } from "../../../support/property.ts";
import { characters } from "../../../property/arbitraries/text.ts";
import { webPaths } from "../../../property/arbitraries/web.ts";

const keys = (host: string) => hostCandidates(host).map(({ key }) => key);
const label = (n: number) => "a".repeat(n);

describe("keys of a host", () => {
  test.each([
    ["shop.example.com", ["shop.example.com", "*.example.com", "*.com"]],
    ["shop.example.com.", ["shop.example.com", "*.example.com", "*.com"]],
    ["example.com", ["example.com", "*.com"]],
    ["a_b.example.com", ["a_b.example.com", "*.example.com", "*.com"]],
    ["xn--mnchen-3ya.example", ["xn--mnchen-3ya.example", "*.example"]],
    ["203.0.113.7", ["203.0.113.7"]],
    [
      "1.2.3.4.example",
      ["1.2.3.4.example", "*.2.3.4.example", "*.3.4.example", "*.4.example", "*.example"],
    ],
  ])("%s", (host, expected) => {
    expect(keys(host)).toEqual(expected);
  });

  test.each([
    "",
    ".",
    "localhost",
    "storefrontA",
    "storefronta",
    "*",
    "*.example.com",
    "a.*.com",
    "shop.example.com..",
    "shop..example.com",
    ".example.com",
    "-a.example.com",
    "a-.example.com",
    "[::1]",
    "[2001:db8::1.2.3.4]",
    "Shop.Example.com",
    "shop.example.com:80",
    "shop.example.com/x",
    "shop%2eexample.com",
    "a b.example.com",
    "a\n.example.com",
    'a".example.com',
    `${label(250)}.com`,
  ])("%j has none", (host) => {
    expect(keys(host)).toEqual([]);
    expect(hostKey(host)).toBeUndefined();
  });

  test("a name of 253 characters has keys, one of 254 has none", () => {
    const long = `${label(249)}.com`;
    expect(keys(long)).toEqual([long, "*.com"]);
    expect(keys(`a${long}`)).toEqual([]);
  });

  test.each([
    [MAX_HOST_LABELS, MAX_HOST_LABELS],
    [MAX_HOST_LABELS + 1, MAX_HOST_LABELS],
    [MAX_HOST_LABELS - 1, MAX_HOST_LABELS - 1],
  ])("%i labels below the first have %i wildcards, the last ones", (below, wildcards) => {
    const labels = Array.from({ length: below }, (_, i) => `l${i}`);
    const [own, ...wild] = keys(["host", ...labels].join("."));
    expect(own).toBe(["host", ...labels].join("."));
    expect(wild).toHaveLength(wildcards);
    expect(wild[0]).toBe(`*.${labels.slice(-wildcards).join(".")}`);
    expect(wild.at(-1)).toBe(`*.${labels.at(-1)}`);
    expect(wild).toEqual(wild.toSorted((a, b) => b.length - a.length));
  });
});

describe("key of a path", () => {
  test.each([
    ["/storefrontA", "storefrontA", "/"],
    ["/storefrontA/", "storefrontA", "/"],
    ["/storefrontA/x/y", "storefrontA", "/x/y"],
    ["/storefrontA//x", "storefrontA", "//x"],
    ["/0", "0", "/"],
    ["/a_b-c/x", "a_b-c", "/x"],
    [`/${label(63)}/x`, label(63), "/x"],
  ])("%s is %s, and %s goes on", (path, key, below) => {
    const candidate = pathCandidate(path);
    expect(candidate).toEqual({ key, prefix: `/${key}` });
    expect(pathBelow(path, candidate ?? ANY)).toBe(below);
  });

  test.each([
    "/",
    "//",
    "//storefrontA",
    "/-a",
    "/_a",
    "/a.b",
    "/shop.example.com/x",
    "/*",
    "/*.example.com",
    "/a%2Fb",
    "/a%00",
    "/a;b=1/x",
    "/a~b",
    "/%20a",
    "/a\n/x",
    `/${label(64)}/x`,
  ])("%j names no tenant", (path) => {
    expect(pathCandidate(path)).toBeUndefined();
  });

  test("below the key of everything else the path is whole", () => {
    expect(pathBelow("/a/b", ANY)).toBe("/a/b");
  });
});

describe("no request can name a key of another shape", () => {
  const HOST_KEY = /^(?:\*\.)?[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/;
  const TENANT_KEY = /^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/;
  const odd = fc.oneof(
    fc.string({ unit: characters, maxLength: 20 }),
    fc.constantFrom(
      "*",
      "*.",
      ".",
      "..",
      "shop.example.com",
      "%2e",
      "%00",
      "/",
      "\\",
      "@",
      ":",
      "\n",
    ),
    fc.domain(),
    webPaths,
  );
  const text = fc.array(odd, { maxLength: 6 }).map((parts) => parts.join(""));

  test("hosts: a dot in every key, a wildcard only where the gateway put it", () => {
    check(
      fc.property(fc.oneof(text, fc.domain()), (host) => {
        for (const [index, key] of keys(host).entries()) {
          expect(key).toMatch(HOST_KEY);
          expect(key).toContain(".");
          expect(key.startsWith("*")).toBe(index > 0);
          expect(key.length).toBeLessThanOrEqual(255);
        }
      }),
      { runs: 5000 },
    );
  });

  test("paths: a tenant id, without a dot", () => {
    check(
      fc.property(text, (path) => {
        const url = URL.parse(`http://h/${path}`);
        for (const one of [`/${path}`, normalPath(url?.pathname ?? "/")]) {
          const candidate = pathCandidate(one);
          expect(candidate?.key ?? "none").toMatch(TENANT_KEY);
        }
      }),
      { runs: 5000 },
    );
  });
});

describe("keys of hosts, remembered", () => {
  test("are made once while there are MAX_HOSTS at most, and again beyond that", () => {
    const hosts = new Hosts();
    const first = hosts.of("shop0.example.com");
    for (let i = 1; i < MAX_HOSTS; i += 1) hosts.of(`shop${i}.example.com`);
    expect(hosts.of("shop0.example.com")).toBe(first);
    hosts.of("one-more.example.com");
    expect(hosts.of("shop0.example.com")).not.toBe(first);
    expect(hosts.of("shop0.example.com")).toEqual(first);
  });

  test("are made each time for what is longer than a name may be: nobody fills memory with it", () => {
    const hosts = new Hosts();
    const longest = `${"a".repeat(MAX_HOST_CHARS - ".example".length)}.example`;
    expect(hosts.of(longest)).toBe(hosts.of(longest));
    expect(hosts.of(`a${longest}`)).not.toBe(hosts.of(`a${longest}`));
  });
});
