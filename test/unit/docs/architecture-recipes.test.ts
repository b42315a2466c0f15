import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { codeIn, page, ROOT, tablesOf } from "./markdown.ts";

const architecture = page("docs/architecture.md");

/** A table that says which files to open, under the heading of what they are opened for. */
const recipes = tablesOf(architecture)
  .filter(({ header }) => header[0] === "open")
  .map(({ section, rows }) => ({ section, rows }));

/** What a recipe adds, and how many there are of it today at least: a pattern that only fits another kind finds none. */
const FEWEST_MEMBERS = 3;

/** Every file or pattern of files that a row names: what is opened, and what is named beside it. */
const filesOf = (rows: readonly (readonly string[])[]): string[] =>
  rows.flatMap((row) => row.flatMap(codeIn)).filter((code) => /^(?:src|docs|test)\//.test(code));

/** The members of a folder whose names fit a pattern, the files aside that are nobody's own. */
function membersOf(pattern: string): string[] {
  const shared = /(?:^|\/)(?:index|definition|docs|docs-definition)\.ts$/;
  const isOfDocs = pattern.endsWith(".docs.ts");
  return globSync(pattern.replace("NAME", "*"), { cwd: ROOT }).filter(
    (file) => !shared.test(file) && (isOfDocs || !file.endsWith(".docs.ts")),
  );
}

test("there is a recipe for each thing that is added often", () => {
  expect(recipes.map(({ section }) => section)).toEqual([
    "A strategy",
    "A condition",
    "A field that any policy may carry",
    "A problem",
    "A header rule",
    "A resource of the API",
    "A command of `sy`",
  ]);
});

describe.each(recipes)("$section:", ({ rows }) => {
  const files = filesOf(rows);

  test("each row opens one file", () => {
    for (const [open = ""] of rows) expect(codeIn(open)).toHaveLength(1);
  });

  test.each(files.filter((file) => !file.includes("NAME")))("%s is there", (file) => {
    expect(existsSync(join(ROOT, file))).toBe(true);
  });

  test.each(files.filter((file) => file.includes("NAME")))("%s has members", (pattern) => {
    expect(membersOf(pattern).length).toBeGreaterThanOrEqual(FEWEST_MEMBERS);
  });
});

describe("a member that exists stands in every file of its recipe:", () => {
  test.each([
    ["A strategy", "blue-green", "blueGreen"],
    ["A condition", "continent", "continent"],
    ["A field that any policy may carry", "coverage", "coverage"],
    ["A command of `sy`", "simulate", "simulate"],
  ])("%s: %s", (section, name, symbol) => {
    const rows = recipes.find((recipe) => recipe.section === section)?.rows ?? [];
    const opened = rows.map(([open = ""]) => (codeIn(open)[0] ?? "").replace("NAME", name));
    const silent = opened.filter((file) => {
      const text = readFileSync(join(ROOT, file), "utf8");
      return !text.includes(name) && !text.includes(symbol);
    });
    // A strategy may need no reason of its own, and a condition no fact; and what the first release knew is nobody's news.
    const mayBeSilent = ["src/policy/reason.ts", "src/policy/since.ts"];
    expect(silent.filter((file) => !mayBeSilent.includes(file))).toEqual([]);
  });
});
