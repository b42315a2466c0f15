import * as fc from "fast-check";
import { expect, test } from "vitest";
import { compile } from "../../src/policy/compile.ts";
import { guardedSplits } from "../../src/policy/guarded-splits.ts";
import { locate } from "../../src/policy/locate.ts";
import { parse } from "../../src/policy/parse.ts";
import { check } from "../support/property.ts";

const RUNS = 300;

/** Keys whose characters a pointer has to escape, some of which mean the same once they are nested. */
const KEYS = ["/a", "/a~b", "/a/b", "/b", "/~1", "=/a", "/x~0y/z"];

interface Drawn {
  /** The marks of guards, each another one. */
  readonly marks: readonly number[];
  readonly policy: object;
}

const origin = (name: string) => `https://${name}.example.com`;

/** A canary, guarded or not; its limit is what tells it from all others. */
const leaf = (mark: number, isGuarded: boolean, inner: Drawn | undefined): Drawn => ({
  marks: [...(isGuarded ? [mark] : []), ...(inner?.marks ?? [])],
  policy: {
    strategy: "canary",
    stable: origin("stable"),
    canary: origin("canary"),
    percent: 5,
    salt: `s${mark}`,
    ...(isGuarded && { guard: { checks: [{ metric: "failures", max: mark / 10_000 }] } }),
    ...(inner && {
      rules: [{ name: "beta", match: { path: "/beta/*" }, policy: inner.policy }],
    }),
  },
});

function map(children: readonly (readonly [string, Drawn])[], ruled: Drawn | undefined): Drawn {
  const all = [...children.map(([, child]) => child), ...(ruled === undefined ? [] : [ruled])];
  return {
    marks: all.flatMap(({ marks }) => marks),
    policy: {
      strategy: "path-map",
      paths: Object.fromEntries(children.map(([key, { policy }]) => [key, policy])),
      default: origin("default"),
      ...(ruled && {
        rules: [{ name: "ruled", match: { header: { "x-a": "b" } }, policy: ruled.policy }],
      }),
    },
  };
}

/** Numbers no two guards alike. */
const drawn = fc.letrec<{ policy: (next: () => number) => Drawn }>((tie) => ({
  policy: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.record({ isGuarded: fc.boolean() }).map(
      ({ isGuarded }) =>
        (next: () => number) =>
          leaf(next(), isGuarded, undefined),
    ),
    fc.record({ isGuarded: fc.boolean(), inner: tie("policy") }).map(
      ({ isGuarded, inner }) =>
        (next: () => number) =>
          leaf(next(), isGuarded, inner(next)),
    ),
    fc
      .record({
        keys: fc.uniqueArray(fc.constantFrom(...KEYS), { minLength: 1, maxLength: 3 }),
        children: fc.array(tie("policy"), { minLength: 3, maxLength: 3 }),
        ruled: fc.option(tie("policy"), { nil: undefined }),
      })
      .map(
        ({ keys, children, ruled }) =>
          (next: () => number) =>
            map(
              keys.map((key, index): [string, Drawn] => [
                key,
                children[index]?.(next) ?? leaf(next(), false, undefined),
              ]),
              ruled?.(next),
            ),
      ),
  ),
})).policy;

test("each guard is told with the pointer that leads to it, and none is left out", () => {
  let most = 0;
  let deepest = 0;
  check(
    fc.property(drawn, (draw) => {
      let count = 0;
      const { marks, policy: written } = draw(() => (count += 1));
      const parsed = parse(JSON.stringify(written), { allowPrivateOrigins: true });
      if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
      const found = guardedSplits(parsed.policy, compile(parsed.policy, "route"));
      const markOf = (checks: readonly object[]) =>
        checks.flatMap((one) => ("max" in one ? [Math.round(Number(one.max) * 10_000)] : []));
      expect(found.flatMap(({ guard }) => markOf(guard.checks)).toSorted((a, b) => a - b)).toEqual(
        marks.toSorted((a, b) => a - b),
      );
      for (const { pointer, guard, node } of found) {
        const located = locate(parsed.policy, pointer)?.policy;
        expect(located).toMatchObject({ guard: { checks: guard.checks }, salt: node.salt });
        deepest = Math.max(deepest, pointer.split("/").length);
      }
      most = Math.max(most, found.length);
    }),
    { runs: RUNS },
  );
  // Else nothing was shown.
  expect(most).toBeGreaterThan(3);
  expect(deepest).toBeGreaterThan(5);
});
