import { describe, expect, test } from "vitest";
import { PrefixTable } from "../../../src/policy/prefix.ts";

function tableOf(...prefixes: string[]): PrefixTable<string> {
  const table = new PrefixTable<string>();
  for (const prefix of prefixes) table.add(prefix, prefix);
  return table;
}

/** The least time (ms) of several rounds of look-ups: the one that nothing else on the machine disturbed. */
function leastTime(table: PrefixTable<string>, path: string): number {
  const times = Array.from({ length: 15 }, () => {
    const start = performance.now();
    for (let i = 0; i < 20_000; i += 1) table.find(path);
    return performance.now() - start;
  });
  return Math.min(...times);
}

describe("PrefixTable", () => {
  const table = tableOf("/admin", "/admin/users", "/a", "/a//b", "/x/y/z");

  test.each([
    ["/admin", "/admin"],
    ["/admin/", "/admin"],
    ["/admin/x", "/admin"],
    ["/admin/users", "/admin/users"],
    ["/admin/users/7", "/admin/users"],
    ["/admin/usersX", "/admin"],
    ["/a/b", "/a"],
    ["/a//", "/a"],
    ["/a//b/c", "/a//b"],
    ["/x/y/z/", "/x/y/z"],
  ])("%s lies under %s", (path, prefix) => {
    expect(table.find(path)).toBe(prefix);
  });

  test.each(["/", "/administrator", "/Admin", "/x", "/x/y", "//admin", "/b"])(
    "%s lies under none",
    (path) => {
      expect(table.find(path)).toBeUndefined();
    },
  );

  test("gives all its values", () => {
    expect([...table.values()].toSorted()).toEqual([
      "/a",
      "/a//b",
      "/admin",
      "/admin/users",
      "/x/y/z",
    ]);
  });

  test("an empty table finds nothing", () => {
    expect(tableOf().find("/a")).toBeUndefined();
    expect([...tableOf().values()]).toEqual([]);
  });

  test("10 000 prefixes are as quick as 10", () => {
    const many = (count: number) =>
      tableOf(...Array.from({ length: count }, (_, index) => `/shop/part-${index}/page`));
    const path = "/shop/part-9/page/and/further/down";
    // Going through them all would take a thousand times as long; a busy machine alone does not make it four.
    expect(leastTime(many(10_000), path)).toBeLessThan(4 * leastTime(many(10), path) + 1);
  });
});
