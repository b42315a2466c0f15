import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { merge, type Side } from "../../../src/console/pages/editor/merge.ts";
import { check } from "../../support/property.ts";

/** Policies as far as a merge sees them: objects, texts, lists with and without names. */
const policy = fc.letrec<{ policy: unknown }>((tie) => ({
  policy: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom(1, 2, true, null, "text"),
    fc.dictionary(fc.constantFrom("a", "b", "name", "__proto__", "x y"), tie("policy"), {
      maxKeys: 4,
    }),
    fc.array(tie("policy"), { maxLength: 3 }),
    fc
      // In one order mostly, or hardly any two lists could be brought together.
      .oneof(
        { weight: 4, arbitrary: fc.subarray(["one", "two", "three", "four"]) },
        { weight: 1, arbitrary: fc.shuffledSubarray(["one", "two", "three"]) },
      )
      .chain((names) =>
        fc.tuple(...names.map((name) => tie("policy").map((value) => ({ name, value })))),
      ),
  ),
})).policy;

const all = (side: Side, three: readonly [unknown, unknown, unknown]) =>
  new Map(merge(...three).differences.map(({ path }) => [path, side] as const));

describe("a merge", () => {
  test("of an edit with none is that edit", () => {
    check(
      fc.property(policy, policy, (base, edit) => {
        expect(merge(base, base, edit).value).toEqual(edit);
        expect(merge(base, edit, base).value).toEqual(edit);
        expect(merge(base, edit, edit).value).toEqual(edit);
      }),
    );
  });

  test("in which one side is chosen everywhere is that side", () => {
    check(
      fc.property(policy, policy, policy, (...three) => {
        const [, theirs, mine] = three;
        expect(merge(...three, all("mine", three)).value).toEqual(mine);
        expect(merge(...three, all("theirs", three)).value).toEqual(theirs);
      }),
    );
  });

  test("tells the same places whoever asks, each side's as the other's", () => {
    const other = { mine: "theirs", theirs: "mine", both: "both", clash: "clash" } as const;
    check(
      fc.property(policy, policy, policy, (base, theirs, mine) => {
        const here = merge(base, theirs, mine).differences.map(({ path, who }) => `${who} ${path}`);
        const there = merge(base, mine, theirs).differences.map(
          ({ path, who }) => `${other[who]} ${path}`,
        );
        expect(here.toSorted()).toEqual(there.toSorted());
      }),
    );
  });

  test("tells every place once", () => {
    check(
      fc.property(policy, policy, policy, (...three) => {
        const paths = merge(...three).differences.map(({ path }) => path);
        expect(new Set(paths).size).toBe(paths.length);
      }),
    );
  });
});
