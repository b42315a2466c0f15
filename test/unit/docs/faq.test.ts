import { expect, test } from "vitest";

import { linksOf, page } from "./markdown.ts";

/** An answer is short: what it needs more words for has a page. */
const MAX_ANSWER_CHARS = 400;

const PAGE = page("docs/faq.md");
const entries = PAGE.text
  .split(/^### /m)
  .slice(1)
  .map((entry) => {
    const [question = "", ...rest] = entry.split("\n");
    return {
      question,
      answer: rest
        .join("\n")
        .replace(/^## [\s\S]*/m, "")
        .trim(),
    };
  });

test("there are questions of many kinds, each asked once", () => {
  expect(entries.length).toBeGreaterThanOrEqual(20);
  expect(new Set(entries.map(({ question }) => question)).size).toBe(entries.length);
});

test.each(entries)("$question", ({ question, answer }) => {
  expect(question).toMatch(/\?$/);
  expect(answer.length).toBeGreaterThan(0);
  expect(answer.length).toBeLessThanOrEqual(MAX_ANSWER_CHARS);
  expect(linksOf({ ...PAGE, text: answer }).length).toBeGreaterThan(0);
});
