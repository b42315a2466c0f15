import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { mergedPage, type MergedPage } from "../../../src/control/merged.ts";
import { check } from "../../support/property.ts";

const SHARDS = 4;

/** Shards that hold some keys each, one after another in the order of keys, `part` on a page. */
class World {
  readonly #keys: readonly string[][];
  readonly #part: number;
  readonly #down: ReadonlySet<number>;
  asked = 0;

  constructor(
    keys: readonly (readonly [string, number])[],
    part: number,
    down: readonly number[] = [],
  ) {
    this.#keys = Array.from({ length: SHARDS }, (_, shard) =>
      keys
        .filter(([, of]) => of === shard)
        .map(([key]) => key)
        .toSorted(),
    );
    this.#part = part;
    this.#down = new Set(down);
  }

  async page(after: string, limit: number, rounds: number, isWanted: (key: string) => boolean) {
    this.asked = 0;
    return mergedPage<string>({
      shards: SHARDS,
      ask: async (shard, from) => {
        this.asked += 1;
        if (this.#down.has(shard)) throw new Error("down");
        const left = (this.#keys[shard] ?? []).filter((key) => key > from);
        const items = left.slice(0, this.#part);
        return { items, upTo: left.length > items.length ? (items.at(-1) ?? null) : null };
      },
      keyOf: (key) => key,
      isWanted,
      after,
      limit,
      rounds,
    });
  }

  /** All pages from the first. */
  async walk(limit: number, rounds: number, isWanted: (key: string) => boolean) {
    const pages: MergedPage<string>[] = [];
    for (let after: string | null = ""; after !== null;) {
      const page: MergedPage<string> = await this.page(after, limit, rounds, isWanted);
      if (page.items.length > limit) throw new Error("the page is too long");
      if (this.asked > SHARDS * rounds) throw new Error("shards were asked too often");
      if (page.next !== null && page.next <= after)
        throw new Error("the next page begins no later");
      pages.push(page);
      after = page.next;
    }
    return pages;
  }
}

const key = fc.stringMatching(/^[a-z]{1,3}$/);
const keys = fc.uniqueArray(fc.tuple(key, fc.nat(SHARDS - 1)), { selector: ([one]) => one });
const small = fc.integer({ min: 1, max: 5 });

describe("pages of shards", () => {
  it("are one list in the order of keys, without a key too few or too many, whatever a caller may see", async () => {
    await check(
      fc.asyncProperty(keys, small, small, small, async (all, part, limit, rounds) => {
        const isWanted = (one: string) => one.length !== 2;
        const pages = await new World(all, part).walk(limit, rounds, isWanted);
        const wanted = all.map(([one]) => one).filter(isWanted);
        expect(pages.flatMap(({ items }) => items)).toEqual(wanted.toSorted());
        expect(pages.every(({ unreachable }) => unreachable.length === 0)).toBe(true);
      }),
    );
  });

  it("lack what a shard holds that does not answer, say so, and lack nothing else", async () => {
    await check(
      fc.asyncProperty(keys, small, small, fc.nat(SHARDS - 1), async (all, part, limit, down) => {
        const pages = await new World(all, part, [down]).walk(limit, 3, () => true);
        const left = all.filter(([, shard]) => shard !== down).map(([one]) => one);
        expect(pages.flatMap(({ items }) => items)).toEqual(left.toSorted());
        for (const { unreachable } of pages) expect(unreachable).toEqual([down]);
      }),
    );
  });

  it("end where no shard answers", async () => {
    const all = Array.from({ length: SHARDS }, (_, shard) => shard);
    const page = await new World([["a", 0]], 1, all).page("", 1, 3, () => true);
    expect(page).toEqual({ items: [], next: null, unreachable: all });
  });

  it("ask only those again that hold up the others", async () => {
    const all = ["a", "b", "c", "d", "e", "f"].map((one) => [one, 0] as const);
    const world = new World([...all, ["x", 1], ["y", 1], ["z", 1]], 2);
    expect((await world.page("", 5, 9, () => true)).items).toEqual(["a", "b", "c", "d", "e"]);
    expect(world.asked).toBe(SHARDS + 2);
  });

  it("end early, and go on, where nothing of what is there is wanted", async () => {
    const all = Array.from({ length: 26 }, (_, n) => String.fromCharCode(97 + n));
    const world = new World(
      all.map((one) => [one, 0]),
      2,
    );
    const page = await world.page("", 5, 3, () => false);
    expect(page).toEqual({ items: [], next: "f", unreachable: [] });
    expect(world.asked).toBe(SHARDS + 2);
  });
});
