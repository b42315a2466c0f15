import { describe, expect, test } from "vitest";

import { halves, HOST, world } from "./world.ts";

/** A thousand visits for each way to know visitors, on two cores with others at work. */
const LONG_MS = 120_000;

describe("stickiness costs no hits", () => {
  /** What visitors ask for, in order: a few pages more often than many others. */
  const stream = (visits: number) =>
    Array.from({ length: visits }, (_, index) => ({
      visitor: (index * 7919) % 97,
      path: `/p${Math.floor(Math.sqrt((index * 104_729) % 400))}`,
    }));

  async function hitsOf(policy: object, count: number) {
    const { ask, asked } = world({ [HOST]: policy });
    const jar = new Map<number, string>();
    let hits = 0;
    const pages = new Set<string>();
    const served = new Set<string>();
    for (const { visitor, path } of stream(count)) {
      const cookie = jar.get(visitor);
      const answer = await ask(path, cookie === undefined ? {} : { headers: { cookie } });
      const given = answer.headers.getSetCookie()[0]?.split(";")[0];
      if (given !== undefined) jar.set(visitor, given);
      hits += answer.asked === 0 ? 1 : 0;
      pages.add(path);
      served.add(`${answer.variant} ${path}`);
    }
    return { hits, misses: asked.length, pages: pages.size, served: served.size };
  }

  test(
    "but one cold miss of each page for each variant more",
    async () => {
      const count = 1000;
      const alone = await hitsOf(
        { ...halves(), strategy: "single", variants: undefined, origin: "https://a.example" },
        count,
      );
      expect(alone).toMatchObject({ hits: count - alone.pages, misses: alone.pages });
      for (const sticky of [{ mode: "hash" }, { mode: "pin" }]) {
        const split = await hitsOf(halves({ sticky }), count);
        expect(split).toMatchObject({ hits: count - split.served, misses: split.served });
        expect(alone.hits - split.hits).toBe(split.served - alone.pages);
        // Of some page one variant may have no visitor: who they are is drawn.
        expect(split.served).toBeGreaterThan(1.5 * alone.pages);
      }
    },
    LONG_MS,
  );
});
