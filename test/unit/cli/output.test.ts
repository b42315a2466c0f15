import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";

import { dressed, style } from "../../../src/cli/text/style.ts";
import { jsonText, plain } from "../../../src/cli/text/plain.ts";
import { columns } from "../../../src/cli/text/table.ts";
import type { Io } from "../../../src/cli/io.ts";
import { yamlText } from "../../../src/cli/text/yaml-text.ts";
import { check } from "../../support/property.ts";
import { folder, sy } from "./shell.ts";

/** One of each kind: cursor, bell, C1's own CSI, DEL, bidi override, isolate, mark, separator. */
const HOSTILE = "\u001B[2J\u0007\u009B31m\u007F\u202E\u2066\u200F\u061C\u2028";
const CONTROL =
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  /[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]/;

const POLICY = {
  strategy: "weighted",
  variants: [
    { name: "a\u0085\u202Eb", origin: "https://a.example.com", weight: 1 },
    { name: "b", origin: "https://b.example.com", weight: 1 },
  ],
};
let work: Awaited<ReturnType<typeof folder>>;
beforeAll(async () => {
  work = await folder({
    "shop.example.com.json": POLICY,
    [`bad${HOSTILE}.json`]: { [`f${HOSTILE}`]: 1, origin: HOSTILE },
    [`broken${HOSTILE}.yaml`]: `a: ${HOSTILE}\n b`,
    [`.switchyard.json`]: "{}",
  });
});
afterAll(async () => work.remove());

function codeUnit(character: string): number {
  return character.charCodeAt(0);
}

/** Any UTF-16 code units, half surrogates too; controls are common among them. */
const anyText = fc.string({
  unit: fc
    .oneof(fc.integer({ min: 0, max: 0xffff }), fc.constantFrom(...HOSTILE.split("")).map(codeUnit))
    .map((code) => String.fromCharCode(code)),
});

describe("no control character of others reaches a terminal", () => {
  test.each([
    ["validate", "."],
    ["validate", "shop.example.com.json"],
    ["validate", HOSTILE],
    ["validate", ".", "--json"],
    ["validate", HOSTILE, "--json"],
    ["plan", "."],
    ["simulate", "shop.example.com.json", "--visitors", "50"],
    ["simulate", "shop.example.com.json", "--visitors", "50", "--json"],
    ["simulate", HOSTILE],
    ["explain", "https://shop.example.com/", "--policy", "shop.example.com.json"],
    ["explain", "https://shop.example.com/", "--policy", "shop.example.com.json", "--json"],
    ["explain", HOSTILE],
    ["explain", "https://x", "-H", HOSTILE],
    ["explain", "https://x", "--at", HOSTILE],
    ["list", "--url", HOSTILE],
    ["list", "--env", HOSTILE],
    ["init", HOSTILE],
    ["login", HOSTILE],
    ["link", HOSTILE, HOSTILE],
    ["weights", "x", HOSTILE],
    ["import", HOSTILE],
    ["export", "x", "--concurrency", HOSTILE],
    [HOSTILE],
    ["list", `--${HOSTILE}`],
    ["list", "a", HOSTILE],
  ])("%j", async (...argv) => {
    const { out, err } = await sy({ cwd: work.cwd }, ...argv);
    expect(out + err).not.toBe("");
    expect(out + err).not.toMatch(CONTROL);
    const coloured = await sy({ cwd: work.cwd, colour: true }, ...argv);
    // oxlint-disable-next-line no-control-regex -- what sy itself writes
    expect((coloured.out + coloured.err).replaceAll(/\u001B\[\d+m/g, "")).not.toMatch(CONTROL);
  });

  test("in any text, dressed or not, and the styles stay", () => {
    const io = { colour: true } as Io;
    check(
      fc.property(anyText, (text) => {
        const line = dressed(style(io, "red", text) + text);
        expect(line).toBe(`\u001B[31m${plain(text)}\u001B[39m${plain(text)}`);
        expect(plain(text)).not.toMatch(CONTROL);
        expect(dressed(style({ colour: false } as Io, "bold", text))).toBe(plain(text));
      }),
    );
  });

  test("YAML says the same with its own escapes", () => {
    check(
      fc.property(anyText, (text) => {
        // A half surrogate is not text of a document.
        const value = { [`k${text.toWellFormed()}`]: [text.toWellFormed(), 1] };
        const yaml = yamlText(value);
        expect(yaml).not.toMatch(CONTROL);
        expect(parse(yaml)).toEqual(value);
      }),
    );
    expect(yamlText({ a: "plain", b: "two\nlines" })).toBe("a: plain\nb: |-\n  two\n  lines\n");
  });

  test("JSON says the same with its own escapes", () => {
    check(
      fc.property(anyText, (text) => {
        const json = jsonText({ [text]: text }, 2);
        expect(json).not.toMatch(CONTROL);
        expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify({ [text]: text })));
      }),
    );
  });
});

test("columns stand below each other by what a reader sees, whatever it is made of", () => {
  const cells = [
    "e\u0301\u0323",
    "\u{1F468}\u200D\u{1F469}\u200D\u{1F467}",
    "a\u0007",
    "ab",
    "~ ",
    "",
  ];
  const lines = columns(cells.map((cell) => [cell, "|"]));
  expect(lines.map((line, at) => line.slice(cells[at]?.length))).toEqual([
    "   |",
    "   |",
    "  |",
    "  |",
    "  |",
    "    |",
  ]);
});
