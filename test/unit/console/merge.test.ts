import { describe, expect, test } from "vitest";

import { merge, type Side } from "../../../src/console/pages/editor/merge.ts";

const variants = (...list: readonly [name: string, weight: number][]) => ({
  strategy: "weighted",
  variants: list.map(([name, weight]) => ({ name, weight })),
});

const told = (...three: Parameters<typeof merge>) =>
  merge(...three).differences.map(({ path, who }) => `${who} ${path}`);

describe("two edits of one policy", () => {
  test("that touch different fields are both taken", () => {
    const base = { strategy: "canary", percent: 5, retry: { attempts: 1 } };
    const theirs = { ...base, percent: 10 };
    const mine = { ...base, retry: { attempts: 2 }, rescue: false };
    expect(merge(base, theirs, mine)).toMatchObject({
      value: { strategy: "canary", percent: 10, retry: { attempts: 2 }, rescue: false },
      differences: [
        { path: "$.percent", who: "theirs", base: 5, theirs: 10, mine: 5 },
        { path: "$.retry.attempts", who: "mine" },
        { path: "$.rescue", who: "mine", mine: false },
      ],
    });
  });

  test("that touch the same field leave it to a person, with mine until then", () => {
    const [base, theirs, mine] = [{ percent: 5 }, { percent: 10 }, { percent: 20 }];
    expect(told(base, theirs, mine)).toEqual(["clash $.percent"]);
    expect(merge(base, theirs, mine).value).toEqual(mine);
    const choices = new Map<string, Side>([["$.percent", "theirs"]]);
    expect(merge(base, theirs, mine, choices).value).toEqual(theirs);
  });

  test("that say the same are no clash", () => {
    expect(told({ percent: 5 }, { percent: 9 }, { percent: 9 })).toEqual(["both $.percent"]);
  });

  test("one of which takes away what the other changes clash", () => {
    const base = variants(["a", 1], ["b", 1], ["c", 1]);
    expect(
      told(base, variants(["a", 1], ["c", 1]), variants(["a", 1], ["b", 5], ["c", 1])),
    ).toEqual(["clash $.variants.b"]);
  });

  test("of items with names are brought together by name, in the order of who added", () => {
    const base = variants(["a", 1], ["b", 1]);
    const theirs = variants(["new", 3], ["a", 1], ["b", 1]);
    const mine = variants(["a", 1], ["b", 5]);
    expect(merge(base, theirs, mine).value).toEqual(variants(["new", 3], ["a", 1], ["b", 5]));
    expect(merge(base, mine, theirs).value).toEqual(variants(["new", 3], ["a", 1], ["b", 5]));
  });

  test("one of which took something away have it where it was, once that is chosen", () => {
    const base = variants(["a", 1], ["b", 1], ["c", 1]);
    const theirs = variants(["x", 1], ["a", 1], ["c", 1]);
    const kept = new Map<string, Side>([["$.variants.b", "mine"]]);
    expect(merge(base, theirs, base, kept).value).toEqual(
      variants(["x", 1], ["a", 1], ["b", 1], ["c", 1]),
    );
  });

  test.each([
    ["an order that one changed", variants(["b", 1], ["a", 1]), variants(["a", 2], ["b", 1])],
    [
      "items that both added",
      variants(["a", 1], ["b", 1], ["x", 1]),
      variants(["y", 1], ["a", 1], ["b", 1]),
    ],
  ])("%s is for a person to decide", (_, theirs, mine) => {
    expect(told(variants(["a", 1], ["b", 1]), theirs, mine)).toEqual(["clash $.variants"]);
  });

  test("whole lists without names, and a policy that becomes a text, are one place each", () => {
    expect(told({ by: ["ip"] }, { by: ["cookie", "ip"] }, { by: ["ip"] })).toEqual(["theirs $.by"]);
    expect(told("https://a.example", "https://b.example", { origin: "https://c.example" })).toEqual(
      ["clash $"],
    );
  });
});
