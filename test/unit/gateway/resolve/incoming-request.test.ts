import { describe, expect, test } from "vitest";
import { readRequest, factsOf } from "../../../../src/gateway/resolve/incoming-request.ts";
import type { Platform } from "../../../../src/gateway/platform.ts";

/** Only the clock and the draw are asked here. */
const PLATFORM = { now: () => 1000, randomId: () => "drawn" } as Platform;

function arriveAt(url: string, headers: Record<string, string> = {}, trustForwarded = false) {
  return readRequest(new Request(url, { headers }), { trustForwarded }, PLATFORM);
}

describe("what a request says", () => {
  test("scheme, host, path and time", () => {
    expect(arriveAt("https://Shop.Example.com:8443/%61%2f/../b?q")).toMatchObject({
      publicOrigin: "https://shop.example.com:8443",
      host: "shop.example.com:8443",
      scheme: "https",
      path: "/b",
      ip: undefined,
      now: 1000,
    });
  });

  const forged = {
    "x-forwarded-proto": "https",
    "x-forwarded-host": "outer.example:8443",
    "x-forwarded-for": "203.0.113.7, 198.51.100.1",
    "cf-connecting-ip": "192.0.2.1",
  };

  test("a client is not believed", () => {
    expect(arriveAt("http://h.example/", forged)).toMatchObject({
      publicOrigin: "http://h.example",
      ip: "192.0.2.1",
    });
  });

  test("a trusted proxy is", () => {
    expect(arriveAt("http://h.example/", forged, true)).toMatchObject({
      publicOrigin: "https://outer.example:8443",
      ip: "203.0.113.7",
    });
  });

  test.each([
    ["a scheme that is none", { "x-forwarded-proto": "javascript" }, { scheme: "http" }],
    ["a host with a quote", { "x-forwarded-host": 'a";for=6.6.6.6;x="b' }, { host: "h.example" }],
    ["a host with a path", { "x-forwarded-host": "evil.example/x" }, { host: "h.example" }],
    ["a host with credentials", { "x-forwarded-host": "a@evil.example" }, { host: "h.example" }],
    ["an address that is none", { "x-forwarded-for": "a;by=b, 1.2.3.4" }, { ip: undefined }],
    ["nothing", { "x-forwarded-host": "", "x-forwarded-for": " , " }, { host: "h.example" }],
  ])("but not in %s", (_, headers, expected) => {
    expect(arriveAt("http://h.example/", headers, true)).toMatchObject(expected);
  });

  test.each([
    "http://*.example.com/",
    'http://a".example.com/',
    "http://a;b.example.com/",
    "http://a$b/",
    "http://a'b/",
  ])("%s names no host", (url) => {
    expect(arriveAt(url)).toBeUndefined();
  });

  test.each([
    "http://[::1]:80/",
    "http://127.1/",
    "http://a_b.example./",
    "http://münchen.example/",
  ])("%s does", (url) => {
    expect(arriveAt(url)).toBeDefined();
  });
});

describe("the facts of a request", () => {
  function facts(url: string, headers: Record<string, string> = {}) {
    const incoming = arriveAt(url, headers);
    if (incoming === undefined) throw new Error("no host");
    return factsOf(incoming, "/below", undefined, PLATFORM);
  }

  test("the root's dot does not make another host", () => {
    expect(facts("http://shop.example.com./").host).toBe("shop.example.com");
  });

  test("looked up by name", () => {
    const got = facts("http://h.example/?q=1&q=2&r", { cookie: "a=1; a=2", "x-a": "b" });
    expect(got.path).toBe("/below");
    expect(got.query("q")).toEqual(["1", "2"]);
    expect(got.query("r")).toEqual([""]);
    expect(got.query("absent")).toEqual([]);
    expect(got.cookie("a")).toEqual(["1", "2"]);
    expect(got.cookie("absent")).toEqual([]);
    expect(got.header("X-A")).toBe("b");
    expect(got.header("absent")).toBeUndefined();
    expect(got.country()).toBeUndefined();
    expect(got.randomId()).toBe("drawn");
  });

  test.each([
    ["Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", true],
    ["Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36", false],
    ["", false],
  ])("%j is a bot: %j", (agent, is) => {
    expect(facts("http://h.example/", { "user-agent": agent }).bot()).toBe(is);
  });
});
