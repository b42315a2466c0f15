import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

import { codeIn, page, ROOT, tableOf } from "./markdown.ts";

const SOURCES = join(ROOT, "src/gateway/cache");

/** Other words that the stage gives. */
const NO_REASONS = new Set(["failed", "stored", "twice"]);

/** Every word that the stage gives for not keeping an answer, or not looking for one. */
function wordsOfSource(): string[] {
  const text = readdirSync(SOURCES)
    .map((name) => readFileSync(join(SOURCES, name), "utf8"))
    .join("\n");
  const returned = [...text.matchAll(/(?:return|[?:]|passing\()\s*"([a-z-]+)"/g)]
    .map(([, word = ""]) => word)
    .filter((word) => !NO_REASONS.has(word));
  const listed = ["FORBIDDING", "NOT_FOR_COPIES"].flatMap((name) => {
    const [, list = ""] = new RegExp(`const ${name} = \\[([^\\]]*)\\]`).exec(text) ?? [];
    return [...list.matchAll(/"([a-z-]+)"/g)].map(([, word = ""]) => word);
  });
  // Two reasons of decisions are words by themselves.
  return [...new Set([...returned, ...listed, "override", "no-consent"])].toSorted();
}

test("every reason for not keeping an answer is explained, and no other", () => {
  const { rows } = tableOf(page("docs/edge-cache.md"), "`detail`");
  const told = rows.flatMap(([first = ""]) => codeIn(first)).toSorted();
  expect(told).toEqual(wordsOfSource());
  expect(told).toContain("busy");
});
