import { gzipSync } from "node:zlib";

import * as fc from "fast-check";
import { expect, test } from "vitest";

import { errorPage, requestIdOf } from "../../../../src/gateway/respond/error-page.ts";
import { problem } from "../../../../src/gateway/respond/problem.ts";
import { characters } from "../../../property/arbitraries/text.ts";

const RAY = "9a1f3c5d7e9b1d3f-FRA";
const ask = (headers: Readonly<Record<string, string>> = {}) =>
  new Request("http://h/<script>?q=%22><script>alert(1)</script>", {
    headers: { accept: "text/html", ...headers },
  });
const VALUES = { code: "c", status: 404, title: "t", requestId: "r" };

/** Most bytes of the built-in page, compressed as the gateway's bundle is. */
const MAX_PAGE_BYTES = 600;

test("the built-in page is a whole document, in light and dark, with what people need to ask for help", async () => {
  const html = await problem("config-unavailable", ask({ "cf-ray": RAY })).text();
  expect(html).toMatch(/^<!doctype html><html lang="en">/);
  expect(html).toContain("color-scheme:light dark");
  expect(html).toContain("<h1>503</h1>");
  expect(html).toContain("The route&#39;s configuration cannot be read just now");
  expect(html).toContain("(config-unavailable)");
  expect(html).toContain(`Request ${RAY}`);
  expect(html).not.toMatch(/\{\{|switchyard|https?:/i);
});

test("the built-in page costs the bundle little", () => {
  expect(gzipSync(errorPage(VALUES), { level: 9 }).length).toBeLessThan(MAX_PAGE_BYTES);
});

test("a page of one's own comes for its code, and the default for others", async () => {
  const pages = { "route-not-found": "<p>Lost: {{status}} {{code}}", default: "<p>Sorry" };
  const text = async (code: "route-not-found" | "origin-timeout", own = {}) =>
    problem(code, ask(), own).text();
  expect(await text("route-not-found", pages)).toBe("<p>Lost: 404 route-not-found");
  expect(await text("origin-timeout", pages)).toBe("<p>Sorry");
  expect(await text("origin-timeout", { "route-not-found": "x" })).toContain("<h1>504</h1>");
});

test("all placeholders are filled, as often as they stand there", () => {
  const html = "{{code}} {{status}} {{title}} {{requestId}} {{status}}";
  expect(errorPage(VALUES, html)).toBe("c 404 t r 404");
});

test("values are text, in quotes too, and are never read for placeholders or patterns again", () => {
  const html = `<a title="{{title}}">{{requestId}}</a>`;
  fc.assert(
    fc.property(fc.string({ unit: characters }), (hostile) => {
      const page = errorPage({ ...VALUES, title: hostile, requestId: "$&{{code}}" }, html);
      const inside = page.slice('<a title="'.length, page.indexOf('">'));
      expect(inside).not.toMatch(/[<>"']/);
      const read = inside.replaceAll(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
      expect(read).toBe(hostile);
      expect(page.endsWith(`">$&#38;{{code}}</a>`)).toBe(true);
    }),
  );
});

test.each([
  "<script>alert(1)</script>",
  '"><img src=x onerror=alert(1)>',
  "{{title}}",
  "a".repeat(65),
  "a b",
  "",
])("what a client calls its ray is not repeated where it is none: %s", async (ray) => {
  const html = await problem("route-not-found", ask({ "cf-ray": ray })).text();
  const [, id = ""] = /Request ([^<]*)<\/small>$/.exec(html) ?? [];
  expect(id).toMatch(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  expect(html).not.toMatch(/<script|<img|alert|onerror/);
});

test("a ray is 64 characters at most, and ids of our own differ", () => {
  expect(requestIdOf(ask({ "cf-ray": "a".repeat(64) }))).toBe("a".repeat(64));
  expect(requestIdOf(ask({ "cf-ray": "a".repeat(65) }))).not.toBe("a".repeat(65));
  expect(requestIdOf(ask())).not.toBe(requestIdOf(ask()));
});
