import * as fc from "fast-check";
import { expect, test } from "vitest";

import { logLine } from "../../../src/lib/log-line.ts";

const told = (error: string) => (JSON.parse(logLine("m", { error })) as { error: string }).error;

test.each([
  ["TypeError: Fetch API cannot load: https://h.example/a/s3?sy=s3#s3", "https://h.example/…"],
  ["at http://user:s3@h.example:8080/s3 and wss://h.example?s3.", "http://h.example:8080/…"],
  ['Invalid URL: "/x?token=s3&b=c"', 'Invalid URL: "/x?…"'],
  ["it says \\https://h/s3\\", "https://h/…"],
  ["Error: x\n    at handle (index.js:1:20)\n    HTTPS://H/s3\n    at b", "    at b"],
])("of URLs in an error only scheme and host are told: %s", (error, kept) => {
  expect(told(error)).toContain(kept);
  expect(told(error)).not.toContain("s3");
});

test("an error without a URL is told as it is", () => {
  const error =
    "Error: KV GET failed: 500 Internal Server Error (is it down? yes)\n    at a.js:1:2";
  expect(told(error)).toBe(error);
});

test("what is ours is told as it is, an origin with its base path too", () => {
  const details = { origin: "https://one.example.com/base", route: "*", keys: ["a?b"], count: 2 };
  expect(JSON.parse(logLine("is it? yes", details))).toEqual({ message: "is it? yes", ...details });
});

test("why a notice did not arrive names no receiver's path", () => {
  const line = logLine("m", { outcome: "TypeError: https://hooks.example/services/s3: refused" });
  expect(line).toContain("https://hooks.example/…");
  expect(line).not.toContain("s3");
});

test("no path or query of a URL is in a line, whatever stands around it", () => {
  const around = fc.string({ unit: "grapheme" });
  const scheme = fc.constantFrom("http", "https", "wss", "HTTP");
  const secret = fc.constantFrom(
    "/s3cr3t",
    "?s3cr3t",
    "#s3cr3t",
    "/a/b?c=%20s3cr3t",
    "/;s3cr3t@x/",
  );
  fc.assert(
    fc.property(around, scheme, secret, around, (before, name, path, after) => {
      const line = logLine("m", { error: `${before} ${name}://h.example${path} ${after}` });
      expect(line).not.toContain("s3cr3t");
      expect(line).toContain("m");
    }),
  );
});

test("takes a time that grows no faster than the text", () => {
  const long = "https://".repeat(20_000) + "?".repeat(20_000) + "@/".repeat(20_000);
  const begin = performance.now();
  logLine("m", { error: long });
  logLine("m", { error: `https://${"a".repeat(200_000)}` });
  expect(performance.now() - begin).toBeLessThan(500);
});
