import { describe, expect, test } from "vitest";
import { normalPath, normalPrefix, withoutPrefix } from "../../../src/lib/path.ts";

describe("normalPath", () => {
  test.each([
    ["/", "/"],
    ["/%61dmin", "/admin"],
    ["/%41-%2D%2e%5F%7e", "/A--._~"],
    ["/a%2fb", "/a%2Fb"],
    ["/%c3%a9", "/%C3%A9"],
    ["/%20%3f", "/%20%3F"],
    ["/%25%32%65", "/%252e"],
    ["/100%", "/100%25"],
    ["/%zz", "/%25zz"],
    ["/%%32e%%32e/x", "/%252e%252e/x"],
    ["/%6%31", "/%2561"],
  ])("%s is %s", (path, normal) => {
    expect(normalPath(path)).toBe(normal);
    expect(normalPath(normal)).toBe(normal);
  });
});

describe("normalPrefix", () => {
  test.each([
    ["/admin", "/admin"],
    ["/admin/", "/admin"],
    ["/admin//", "/admin"],
    ["/%61dmin", "/admin"],
    ["/", ""],
    ["/a/b", "/a/b"],
    ["/a//b", "/a//b"],
    ["/a%2fb", "/a%2Fb"],
    ["/é", "/%C3%A9"],
    ["/...", "/..."],
    ["/.well-known", "/.well-known"],
  ])("%s is %j", (key, prefix) => {
    expect(normalPrefix(key)).toBe(prefix);
  });

  test.each([
    "",
    "admin",
    "//",
    "//admin",
    "/a?x=1",
    "/a#b",
    "/a b",
    "/a\tb",
    "/a\\b",
    "/./a",
    "/a/..",
    "/a/%2e%2E/b",
    "/a/%2e",
    "https://www.example.com",
    "*",
  ])("%j is none", (key) => {
    expect(normalPrefix(key)).toBeUndefined();
  });
});

describe("withoutPrefix", () => {
  test.each([
    ["/a", "/a", "/"],
    ["/a/", "/a", "/"],
    ["/a/b", "/a", "/b"],
    ["/a//b", "/a", "//b"],
    ["/a", "", "/a"],
  ])("%s without %j is %s", (path, prefix, rest) => {
    expect(withoutPrefix(path, prefix)).toBe(rest);
  });
});
