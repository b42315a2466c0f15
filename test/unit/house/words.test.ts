import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { ROOT } from "./lint.ts";

/** Names that had to be learnt before anything could be found; each has made room for the field's own. */
const RETIRED =
  /\b(?:type|interface|class|const|function|enum) (Deed|Seams|Ways|Means|Arrival|Known|Told|Carried|Placed|Acted|Described|outsideReference|askKv|exactObject)\b/;

/** Where "deed" has to be read: in what an earlier release stored or sends. */
const READS_DEEDS = [
  "src/hub/guard/orders.ts",
  "src/hub/migrations.ts",
  "src/ledger/migrations.ts",
  "src/report/guard.ts",
];

/** "is no longer" and the like are English; "is no policy" is not ours. */
const IS_NO =
  /(?<!\bthere )\bis no (?!(?:longer|more|less|doubt|such|other|worse|better|older|newer|shorter|earlier|later|sooner|finer|wider|smaller|larger|bigger|lower|higher|slower|matter|reason|one|use|way|need)\b)[a-z`]+/gi;

/** A doc comment that only its neighbour explains. */
const LEANS = /\/\*\* (?:The same\b|And |The others?\b|Those (?:of|in|that are|not)\b)/;

const read = (pattern: string) =>
  globSync(pattern, { cwd: ROOT })
    .filter((path) => !path.includes("generated"))
    .map((path) => ({ path, text: readFileSync(join(ROOT, path), "utf8") }));

const source = read("src/**/*.{ts,tsx}");
const prose = [...source, ...read("docs/**/*.md"), ...read("*.md")];

const named = (text: string) => RETIRED.exec(text)?.[1];

describe("in src/", () => {
  test("nothing has a retired name", () => {
    expect(source.filter(({ text }) => named(text)).map(({ path }) => path)).toEqual([]);
  });

  test('"deed" stands only where an earlier release is read', () => {
    const found = source.filter(({ text }) => /\bdeeds?\b/i.test(text)).map(({ path }) => path);
    expect(found.toSorted()).toEqual(READS_DEEDS);
  });
});

test('sentences say "is not a policy", never "is no policy"', () => {
  const found = prose.flatMap(({ path, text }) =>
    [...text.matchAll(IS_NO)].map(([words]) => `${path}: ${words}`),
  );
  expect(found).toEqual([]);
});

test("each doc comment stands alone", () => {
  expect(source.filter(({ text }) => LEANS.test(text)).map(({ path }) => path)).toEqual([]);
});

test("the search finds what it looks for", () => {
  expect(named("interface Told {")).toBe("Told");
  expect("What is no policy".match(IS_NO)).toEqual(["is no policy"]);
  expect("there is no policy; it is no longer one".match(IS_NO)).toBeNull();
});
