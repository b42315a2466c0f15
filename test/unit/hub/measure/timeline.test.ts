import { describe, expect, test } from "vitest";

import type { Span } from "../../../../src/hub/measure/experiments.ts";
import { broughtUpTo, inForceAt } from "../../../../src/hub/measure/timeline.ts";
import { allocationOf } from "../../../../src/decide/allocation.ts";
import { compile } from "../../../../src/policy/compile.ts";
import { parse } from "../../../../src/policy/parse.ts";

const T = Date.parse("2027-01-15T08:00:00Z");

function nodeOf(policy: object) {
  const parsed = parse(JSON.stringify(policy), { allowPrivateOrigins: true });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  const [node] = compile(parsed.policy, "shop").splits;
  if (node === undefined) throw new Error("no split");
  return node;
}

const ORIGINS = { stable: "https://a.example.com", canary: "https://b.example.com" };
const plain = (percent: number) => nodeOf({ strategy: "canary", ...ORIGINS, percent });
const ramp = nodeOf({
  strategy: "canary",
  ...ORIGINS,
  ramp: {
    startAt: new Date(T).toISOString(),
    steps: [{ percent: 1, holdSeconds: 60 }, { percent: 10, holdSeconds: 60 }, { percent: 50 }],
  },
});

const idOf = (node: ReturnType<typeof nodeOf>, at: number) => allocationOf(node, at).id;

describe("a timeline", () => {
  test("begins with the first that was heard of, and no earlier", () => {
    const node = plain(10);
    const now = T + 9000;
    const began = broughtUpTo([], { node, ruledFrom: T, heardFrom: T + 4000, now });
    expect(began).toEqual([[T + 4000, idOf(node, now)]]);
    expect(broughtUpTo(began, { node, ruledFrom: T, heardFrom: now, now: now + 1 })).toBe(began);
    expect(inForceAt(began, T + 3999)).toBeUndefined();
    expect(inForceAt(began, T + 4000)).toBe(idOf(node, now));
  });

  test("changes when a policy was accepted, and where nobody knows when, with the first that was heard", () => {
    const node = plain(20);
    const before: readonly Span[] = [[T, idOf(plain(10), T)]];
    const present = { node, heardFrom: T + 7000, now: T + 9000 };
    expect(broughtUpTo(before, { ...present, ruledFrom: T + 5000 })).toEqual([
      ...before,
      [T + 5000, idOf(node, T)],
    ]);
    expect(broughtUpTo(before, { ...present, ruledFrom: undefined })).toEqual([
      ...before,
      [T + 7000, idOf(node, T)],
    ]);
  });

  test("has every step of a ramp from its instant on, though nobody reported meanwhile", () => {
    const now = T + 500_000;
    const began = broughtUpTo([], {
      node: ramp,
      ruledFrom: T - 60_000,
      heardFrom: T - 5,
      now: T - 1,
    });
    const ended = broughtUpTo(began, { node: ramp, ruledFrom: T - 60_000, heardFrom: now, now });
    expect(ended).toEqual([
      [T - 5, idOf(ramp, T - 1)],
      [T, idOf(ramp, T)],
      [T + 60_000, idOf(ramp, T + 60_000)],
      [T + 120_000, idOf(ramp, now)],
    ]);
    expect(inForceAt(ended, T + 119_999)).toBe(idOf(ramp, T + 60_000));
  });

  test("takes none of a ramp's steps that were before the policy was accepted", () => {
    const before: readonly Span[] = [[T - 60_000, idOf(plain(7), T)]];
    const now = T + 130_000;
    const present = { node: ramp, ruledFrom: T + 90_000, heardFrom: now, now };
    expect(broughtUpTo(before, present)).toEqual([
      ...before,
      [T + 90_000, idOf(ramp, T + 90_000)],
      [T + 120_000, idOf(ramp, now)],
    ]);
  });

  test("ends where the split goes, and goes on where it comes back", () => {
    const node = plain(10);
    const before: readonly Span[] = [[T, idOf(node, T)]];
    const gone = broughtUpTo(before, {
      node: undefined,
      ruledFrom: T + 10,
      heardFrom: T + 20,
      now: T + 20,
    });
    expect(gone).toEqual([...before, [T + 10, ""]]);
    const back = broughtUpTo(gone, { node, ruledFrom: T + 30, heardFrom: T + 40, now: T + 40 });
    expect(back).toEqual([...gone, [T + 30, idOf(node, T)]]);
  });
});
