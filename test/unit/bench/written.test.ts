import { expect, test } from "vitest";
import { readFileSync } from "node:fs";
import { replaced } from "../../bench/written.ts";

test("what a run prints takes the place of what stood between the marks, and nothing else", () => {
  const page = "above\n<!-- a -->\nold\n<!-- /a -->\nbelow\n<!-- b -->\n<!-- /b -->\n";
  const once = replaced(page, "a", "new");
  expect(once).toBe("above\n<!-- a -->\n\nnew\n\n<!-- /a -->\nbelow\n<!-- b -->\n<!-- /b -->\n");
  expect(replaced(once, "a", "new")).toBe(once);
  expect(() => replaced(page, "c", "new")).toThrow("no marks for c");
});

test("the page has a place for what each form of the bench prints", () => {
  const page = readFileSync(new URL("../../../docs/performance.md", import.meta.url), "utf8");
  for (const name of ["comparison", "cold", "strategies", "counting", "streams"])
    expect(replaced(page, name, "new")).toContain("new");
});
