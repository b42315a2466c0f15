import { describe, expect, test } from "vitest";
import {
  join,
  MAX_ISSUES,
  MAX_ISSUES_BYTES,
  shownIssues,
  type Issue,
} from "../../../src/lib/issue.ts";
import { MAX_SHOWN_CHARS } from "../../../src/lib/shorten.ts";

const issue = (path: string, message = "is wrong"): Issue => ({ path, message, fix: "mend it" });

const many = (count: number, make: (index: number) => Issue): Issue[] =>
  Array.from({ length: count }, (_, index) => make(index));

describe("a JSON path", () => {
  test("holds names and indexes, and a long name in part", () => {
    expect(join(join("$", "variants"), 1)).toBe("$.variants[1]");
    expect(join("$", "/a b")).toBe('$["/a b"]');
    expect(join("$", "a".repeat(MAX_SHOWN_CHARS))).toBe(`$.${"a".repeat(MAX_SHOWN_CHARS)}`);
    expect(join("$", "a".repeat(MAX_SHOWN_CHARS + 1))).toBe(
      `$["${"a".repeat(MAX_SHOWN_CHARS - 1)}…"]`,
    );
  });
});

describe("the issues to tell", () => {
  test("are a hundred, in order, each once", () => {
    const found = many(MAX_ISSUES, (index) => issue(`$[${index}]`));
    expect(shownIssues(found)).toEqual(found);
    expect(shownIssues([...found, ...found])).toEqual(found);
    expect(shownIssues([...found, issue("$.more")])).toEqual(found);
  });

  test("have a size in all, and the first is always among them", () => {
    const large = many(MAX_ISSUES, (index) => issue(`$[${index}]`, "€".repeat(999)));
    const told = shownIssues(large);
    expect(told.length).toBeGreaterThan(10);
    expect(Buffer.byteLength(JSON.stringify(told))).toBeLessThanOrEqual(MAX_ISSUES_BYTES + 1000);
    expect(shownIssues([issue("$".repeat(MAX_ISSUES_BYTES + 1))])).toHaveLength(1);
  });

  test("quote no more than a thousand characters", () => {
    const [whole, cut] = [issue("$", "a".repeat(1000)), issue("$", "a".repeat(1001))];
    expect(shownIssues([whole])).toEqual([whole]);
    expect(shownIssues([cut])[0]?.message).toBe(`${"a".repeat(999)}…`);
  });
});
