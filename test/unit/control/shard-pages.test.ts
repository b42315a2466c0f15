import { describe, expect, it } from "vitest";
import { ShardPages } from "../../../src/control/shard-pages.ts";
import type { StatusPage } from "../../../src/report/answers.ts";

const pageOf = (route: string): StatusPage => ({
  routes: [{ route, version: 1, reportedAt: null, drift: false, experiments: [] }],
  upTo: null,
});

/** A shard whose page has a tag, and how often it was told whole. */
function shardOf(page: StatusPage, tag: string) {
  const asked: (string | undefined)[] = [];
  const ask = async (known: string | undefined) => {
    asked.push(known);
    return known === tag ? ({ unchanged: true } as const) : { ...page, tag };
  };
  return { asked, ask };
}

describe("the pages that an isolate has", () => {
  it("are asked for by their tags, and stand for what is left out", async () => {
    const pages = new ShardPages();
    const { asked, ask } = shardOf(pageOf("a"), "1");
    const first = await pages.ask("a", undefined, ask);
    expect(first).toEqual({ tag: "1", page: pageOf("a") });
    // An older tag of the caller's goes after the isolate's own.
    expect(await pages.ask("a", "0", ask)).toEqual(first);
    expect(asked).toEqual([undefined, "1"]);
  });

  it("are not there where the caller alone has one", async () => {
    const { ask } = shardOf(pageOf("a"), "1");
    expect(await new ShardPages().ask("a", "1", ask)).toEqual({ tag: "1", page: undefined });
  });

  it("are not kept without a tag", async () => {
    const pages = new ShardPages();
    const asked: unknown[] = [];
    const ask = async (known: string | undefined) => {
      asked.push(known);
      return pageOf("a");
    };
    for (let n = 0; n < 2; n += 1)
      expect(await pages.ask("a", undefined, ask)).toEqual({ tag: undefined, page: pageOf("a") });
    expect(asked).toEqual([undefined, undefined]);
  });

  it("are so many characters at most: the one that was asked for longest ago goes", async () => {
    const chars = JSON.stringify(pageOf("a")).length + 1;
    const left = async (most: number) => {
      const pages = new ShardPages(most);
      const shards = ["a", "b", "c"].map((name) => ({ name, ...shardOf(pageOf(name), name) }));
      for (const wanted of ["a", "b", "a", "c"])
        for (const { name, ask } of shards)
          if (name === wanted) await pages.ask(name, undefined, ask);
      const found = [];
      for (const { name } of shards) {
        const told = await pages.ask(name, undefined, async (known) => {
          if (known === undefined) return pageOf("gone");
          return { unchanged: true };
        });
        if (told.tag === name) found.push(name);
      }
      return found;
    };
    expect(await left(3 * chars)).toEqual(["a", "b", "c"]);
    expect(await left(3 * chars - 1)).toEqual(["a", "c"]);
  });
});
