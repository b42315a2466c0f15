import { describe, expect, test } from "vitest";

import { barsOf, endsOf, movesEverybody } from "../../../../src/console/parts/moves.ts";

const A = "https://a.example.com";
const B = "https://b.example.com";

describe("everybody moves", () => {
  const at = (variant: string) => ({ variant, origin: A });
  const path = (moved: number, ends: readonly string[]) => ({
    path: "/",
    visitors: 100,
    moved,
    reshuffled: 0,
    before: [],
    after: ends.map((variant) => ({ at: at(variant), visitors: 1 })),
    moves: [],
  });

  test.each([
    ["to one place", [path(80, ["b"])], [], true],
    ["to two", [path(80, ["a", "b"])], [], false],
    ["to two, and nobody stays", [path(100, ["a", "b"])], [], true],
    ["to two, but for one", [path(99, ["a", "b"])], [], false],
    ["where nobody moves", [path(0, ["b"])], [], false],
    ["later", [], [{ at: "", path: "/", visitors: 100, moved: 100, moves: [] }], true],
    ["but one, later", [], [{ at: "", path: "/", visitors: 100, moved: 99, moves: [] }], false],
  ])("%s", (_, paths, later, is) => {
    expect(movesEverybody({ paths, later })).toBe(is);
  });
});

test("each variant has a bar, in the order of the policy, then of who has most visitors", () => {
  const share = (variant: string, visitors: number) => ({ at: { variant, origin: A }, visitors });
  const of = {
    path: "/",
    visitors: 100,
    moved: 30,
    reshuffled: 0,
    before: [share("b", 60), share("a", 40)],
    after: [share("b", 30), share("a", 40), { at: null, visitors: 30 }],
    moves: [],
  };
  expect(barsOf(of, ["a"])).toEqual([
    { name: "a", index: 0, before: 0.4, after: 0.4 },
    { name: "b", index: 1, before: 0.6, after: 0.3 },
    { name: "no variant", index: 2, before: 0, after: 0.3 },
  ]);
});

test("a move says its variants, and the origins where those are what differs", () => {
  const move = (to: string, origin: string) => ({
    from: { variant: "a", origin: A },
    to: { variant: to, origin },
    visitors: 1,
  });
  expect(endsOf(move("b", B))).toEqual(["a", "b"]);
  expect(endsOf(move("a", B))).toEqual([`a (${A})`, `a (${B})`]);
  expect(endsOf({ from: null, to: null, visitors: 1 })).toEqual(["no variant", "no variant"]);
});
