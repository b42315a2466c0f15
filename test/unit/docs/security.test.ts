import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { page, ROOT, tablesOf } from "./markdown.ts";

/** A cell that names tests: a file below test/, then parts of names that stand in it. */
const FILE = /`([\w/.-]+\.test\.ts)`/;
const NAME = /"([^"]+)"/g;

const rows = tablesOf(page("docs/security.md"))
  .filter(({ header }) => header.at(-1) === "test")
  .flatMap((table) => table.rows.map((row) => [row[0] ?? "", row.at(-1) ?? ""] as const));

test("every threat has a test", () => {
  expect(rows.length).toBeGreaterThan(20);
  expect(rows.filter(([, cell]) => !FILE.test(cell))).toEqual([]);
});

test.each(rows)("the tests named for: %s", (_, cell) => {
  // Each file goes with the names up to the next file.
  const missing = cell.split(/(?=`[\w/.-]+\.test\.ts`)/).flatMap((part) => {
    const file = FILE.exec(part)?.[1];
    if (file === undefined) return [];
    const text = readFileSync(join(ROOT, "test", file), "utf8");
    const names = [...part.matchAll(NAME)].map(([, name]) => name ?? "");
    return names.filter((name) => !text.includes(name)).map((name) => `${file}: ${name}`);
  });
  expect(missing).toEqual([]);
});

test.each(["wrangler.toml", "src/control/wrangler.toml", "docs/examples/data-plane/wrangler.toml"])(
  "previews are off: %s",
  (file) => {
    expect(readFileSync(join(ROOT, file), "utf8")).toMatch(/^preview_urls = false$/m);
  },
);
