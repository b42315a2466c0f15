import { globSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";

import { describe, expect, test } from "vitest";

import { mayImport, roomOf, ROOMS } from "./arrows.ts";
import { ROOT } from "./lint.ts";

/** A file that must be scrolled a dozen times holds more than one thing. */
const MAX_LINES = 300;

/** A median above this says that files have begun to gather things. */
const MAX_MEDIAN_LINES = 60;

const IMPORT = /\b(?:from|import)\s*\(?\s*["'](\.[^"']+)["']/g;
const DISABLE = /^(?:.*[\s;{])?(?:\/\/|\/\*)\s*(?:ox|es)lint-disable.*$/gm;
const REASON = / -- \S+ \S+/;

function read(pattern: string): { path: string; text: string }[] {
  return globSync(pattern, { cwd: ROOT })
    .toSorted()
    .map((path) => ({ path, text: readFileSync(join(ROOT, path), "utf8") }));
}

const source = read("src/**/*.{ts,tsx}");
const code = [...source, ...read("test/**/*.ts")];

const lines = (text: string) => text.split("\n").length - 1;

test("no file is longer than a reader's patience", () => {
  expect(code.filter(({ text }) => lines(text) > MAX_LINES).map(({ path }) => path)).toEqual([]);
});

test("the median file of src/ is short", () => {
  const sizes = source.map(({ text }) => lines(text)).toSorted((a, b) => a - b);
  expect(sizes[Math.floor(sizes.length / 2)]).toBeLessThanOrEqual(MAX_MEDIAN_LINES);
});

test("every lint rule put aside has its reason beside it", () => {
  const bare = code.flatMap(({ path, text }) =>
    [...text.matchAll(DISABLE)]
      .filter(([comment]) => !REASON.test(comment))
      .map(([comment]) => `${path}: ${comment}`),
  );
  expect(bare).toEqual([]);
});

// The linter reads an import as it is written; here it is followed to the file it means, dynamic ones too.
describe("src/", () => {
  test("holds the rooms of the architecture and no other", () => {
    expect(
      source
        .map(({ path }) => roomOf(path.slice("src/".length)))
        .filter((room) => !ROOMS.includes(room)),
    ).toEqual([]);
  });

  test("imports only along the arrows", () => {
    const wrong = source.flatMap(({ path, text }) =>
      [...text.matchAll(IMPORT)]
        .map(([, target]) => posix.join(posix.dirname(path), target ?? ""))
        .filter(
          (target) =>
            !target.startsWith("src/") ||
            !mayImport(roomOf(path.slice("src/".length)), roomOf(target.slice("src/".length))),
        )
        .map((target) => `${path} → ${target}`),
    );
    expect(wrong).toEqual([]);
  });
});
