import { readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { codeIn, page, ROOT, tableOf } from "./markdown.ts";

const MIN_QUESTIONS = 20;

const rows = tableOf(page("docs/architecture.md"), "question", "file").rows.map(
  ([question = "", file = "", symbol = ""]) => ({
    question,
    files: codeIn(file),
    symbols: codeIn(symbol),
  }),
);

test("the page answers at least twenty questions, each once and each with another file", () => {
  expect(rows.length).toBeGreaterThanOrEqual(MIN_QUESTIONS);
  expect(new Set(rows.map(({ question }) => question)).size).toBe(rows.length);
  expect(new Set(rows.flatMap(({ files }) => files)).size).toBe(rows.length);
});

describe("the file holds what answers it:", () => {
  test.each(rows)("$question", ({ question, files, symbols }) => {
    expect(question).toMatch(/\?$/);
    const [[file = "", ...moreFiles], [symbol = "", ...moreSymbols]] = [files, symbols];
    expect([...moreFiles, ...moreSymbols]).toEqual([]);
    expect(symbol).toMatch(/^\w+$/);
    const text = readFileSync(join(ROOT, file), "utf8");
    expect(text).toMatch(new RegExp(`(?:^|[^\\w.])#?${symbol}\\b[<(=: {]`, "m"));
  });
});
