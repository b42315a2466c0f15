import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

import { DOCS } from "../../../src/policy/docs.ts";
import { LANGUAGE } from "../../../src/policy/language.ts";
import { page, tableOf } from "./markdown.ts";
import { referenceTables } from "./reference-tables.ts";

const FILE = new URL("../../../docs/policy.md", import.meta.url);
const tables = referenceTables(LANGUAGE, DOCS);

const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;

/** The page with its tables written anew. */
function rewritten(text: string): string {
  const lines = text.split("\n");
  for (const { header, rows } of tables) {
    const start = lines.indexOf(line(header)) + 2;
    let end = start;
    while (lines[end]?.startsWith("|") === true) end += 1;
    lines.splice(start, end - start, ...rows.map(line));
  }
  return lines.join("\n");
}

// With SY_WRITE=documents the tables are written first.
if (process.env["SY_WRITE"] === "documents")
  writeFileSync(FILE, rewritten(readFileSync(FILE, "utf8")));

describe("the reference says of every strategy, field and condition what stands beside its code:", () => {
  test.each(tables)("$header.0", ({ header, rows }) => {
    expect(tableOf(page("docs/policy.md"), ...header).rows).toEqual(rows);
  });

  test("with the release, where it is not the first one", () => {
    const since = {
      "strategy=weighted": "0.2.0",
      "canary.percent": "0.3.0",
      cache: "0.4.0",
      "match.asn": "0.5.0",
    };
    const cells = referenceTables(LANGUAGE, DOCS, since).flatMap(({ rows }) => rows.flat());
    const dated = cells.filter((cell) => / \(since [\d.]+\)$/.test(cell));
    expect(dated.map((cell) => cell.slice(-6, -1)).toSorted()).toEqual(Object.values(since));
  });

  test("conditions with a name of their own", () => {
    const { rows } = tableOf(page("docs/policy.md"), "condition");
    for (const { example, holds } of Object.values(DOCS.predicates))
      expect(rows).toContainEqual([`\`${example}\``, holds]);
  });
});
