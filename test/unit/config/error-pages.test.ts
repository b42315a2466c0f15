import { expect, test } from "vitest";

import { MAX_ERROR_PAGES_BYTES, readErrorPages } from "../../../src/config/error-pages.ts";
import { readConfig, type GatewayEnv } from "../../../src/config/gateway.ts";
import { PROBLEMS } from "../../../src/lib/gateway-problems.ts";

const read = (pages: unknown) =>
  readConfig({ ERROR_PAGES: pages } as unknown as GatewayEnv).errorPages;

test("pages are a table or the same as JSON, one for each code and a default", () => {
  const all = Object.fromEntries(
    [...Object.keys(PROBLEMS), "default"].map((code) => [code, "<p>"]),
  );
  expect(read(all)).toEqual(all);
  expect(read(JSON.stringify(all))).toEqual(all);
  expect(read("")).toEqual({});
  expect(read(undefined)).toEqual({});
});

test.each([
  ["{", "be a table of HTML by code, or the same as JSON"],
  ["null", "be a table of HTML by code, or the same as JSON"],
  [[], "be a table of HTML by code, or the same as JSON"],
  [7, "be a table of HTML by code, or the same as JSON"],
  [{ "404": "x" }, 'have "default" and codes of problems as its names, not "404"'],
  [{ toString: "x" }, 'have "default" and codes of problems as its names, not "toString"'],
  ['{"__proto__":"x"}', 'have "default" and codes of problems as its names, not "__proto__"'],
  [{ default: "" }, 'have HTML as "default"'],
  [{ "origin-timeout": 5 }, 'have HTML as "origin-timeout"'],
  [
    { default: "{{status}} {{url}}" },
    'have no placeholders but code, status, title, requestId: "default" has {{url}}',
  ],
  [
    { default: "{{ status }}" },
    'have no placeholders but code, status, title, requestId: "default" has {{ status }}',
  ],
])("%j stops the start, and the message says what is wrong", (pages, words) => {
  expect(() => read(pages)).toThrow(`Switchyard cannot start: the var ERROR_PAGES must ${words}`);
});

test("all pages together have as many bytes as a var may have, and no more", () => {
  const around = JSON.stringify({ default: "" }).length;
  const largest = "ä".repeat((MAX_ERROR_PAGES_BYTES - around) / 2 - 1);
  const filled = largest + "x".repeat(MAX_ERROR_PAGES_BYTES - around - 2 * largest.length);
  expect(readErrorPages({ default: filled })).toEqual({ default: filled });
  expect(readErrorPages({ default: `${filled}x` })).toBe(
    `have ${MAX_ERROR_PAGES_BYTES} bytes as JSON at most, not ${MAX_ERROR_PAGES_BYTES + 1}`,
  );
});

test("braces of a style are no placeholders", () => {
  const page = "<style>@media print{p{color:red}}</style>{not} {{status}}";
  expect(read({ default: page })).toEqual({ default: page });
});
