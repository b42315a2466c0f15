import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import {
  checkpointOf,
  readCheckpoint,
  removeCheckpoint,
  writeCheckpoint,
} from "../../../src/cli/transfer/checkpoint.ts";
import { linesOf, type Line } from "../../../src/cli/transfer/lines.ts";
import { Mark } from "../../../src/cli/transfer/mark.ts";
import { pooled } from "../../../src/cli/transfer/pool.ts";
import { check } from "../../support/property.ts";
import { folder } from "./shell.ts";

async function* pieces(bytes: Buffer, sizes: readonly number[]): AsyncGenerator<Buffer> {
  let at = 0;
  for (let n = 0; at < bytes.length; n += 1) {
    const size = sizes[n % sizes.length] ?? 1;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

async function collect(items: AsyncIterable<Line>): Promise<Line[]> {
  const lines = [];
  for await (const item of items) lines.push(item);
  return lines;
}

describe("lines of a stream", () => {
  test("are the same however the bytes are cut, and each says where it stands", async () => {
    const texts = fc.array(
      fc.string({ unit: "grapheme", maxLength: 12 }).map((one) => one.replaceAll(/\s/g, "_")),
    );
    const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 });
    await check(
      fc.asyncProperty(
        texts,
        sizes,
        fc.constantFrom("\n", "\r\n"),
        fc.boolean(),
        async (wanted, cuts, feed, ends) => {
          const bytes = Buffer.from(wanted.join(feed) + (ends ? feed : ""));
          const lines = await collect(linesOf(pieces(bytes, cuts), 0));
          expect(lines.map(({ text }) => text)).toEqual(
            wanted.map((one) => one.trim()).filter((one) => one !== ""),
          );
          for (const { from, to, text } of lines) {
            expect(bytes.subarray(from, to).toString().trim()).toBe(text);
            // Whoever goes on from there gets the rest, and nothing twice.
            const rest = await collect(linesOf(pieces(bytes.subarray(to), cuts), to));
            const places = (all: readonly Line[]) => all.map((one) => [one.from, one.to, one.text]);
            expect(places(rest)).toEqual(places(lines.filter((one) => one.from >= to)));
          }
        },
      ),
    );
  });

  test("refuse what no route could be, before it fills the memory", async () => {
    const endless = pieces(Buffer.alloc(9_000_000, 0x61), [65_536]);
    await expect(collect(linesOf(endless, 0))).rejects.toThrow("line 1 is longer than any route");
  });
});

describe("a pool", () => {
  test("works on all items, never on more than its size at once, and reads none ahead", async () => {
    let [running, most, read] = [0, 0, 0];
    const done: number[] = [];
    const items = (function* () {
      for (; read < 50; read += 1) {
        expect(read - done.length).toBeLessThanOrEqual(4);
        yield read;
      }
    })();
    await pooled(items, 4, async (item) => {
      running += 1;
      most = Math.max(most, running);
      for (let n = 0; n <= (item * 7) % 5; n += 1) await turn();
      running -= 1;
      done.push(item);
    });
    expect(most).toBe(4);
    expect(done.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, n) => n));
  });

  test("ends at the first failure, when what is under way has ended", async () => {
    const ended: number[] = [];
    const failing = pooled(Array(100).keys(), 3, async (item) => {
      await turn();
      if (item === 10) throw new Error("ten");
      await turn();
      ended.push(item);
    });
    await expect(failing).rejects.toThrow("ten");
    expect(ended.length).toBeLessThan(16);
    const expected = [...Array(ended.length + 1).keys()].filter((n) => n !== 10);
    expect(new Set(ended)).toEqual(new Set(expected));
  });
});

test("a mark stands before everything that is not done, whatever the order", () => {
  const sizes = fc.array(fc.nat(20), { minLength: 1, maxLength: 30 });
  check(
    fc.property(sizes, fc.array(fc.nat(), { minLength: 30, maxLength: 30 }), (all, picks) => {
      const mark = new Mark(5);
      const open: { from: number; to: number }[] = [];
      const parts: number[] = [];
      const refused: number[] = [];
      let at = 5;
      for (const [n, size] of all.entries()) {
        const part = { from: at, to: at + size + 1 };
        at = part.to;
        parts.push(at);
        mark.begin(part.from, part.to, n + 1);
        open.push(part);
        const pick = picks[n] ?? 0;
        const [gone] = pick % 2 === 0 ? open.splice(pick % open.length, 1) : [];
        if (gone !== undefined) {
          mark.finish(gone.from, pick % 4 === 0 ? "refused" : "done");
          if (pick % 4 === 0) refused.push(gone.to);
        }
        const first = Math.min(at, ...open.map(({ from }) => from));
        const before = parts.filter((to) => to <= first).length;
        expect([mark.offset, mark.count, mark.lines]).toEqual([first, before, before]);
        expect(mark.refused).toBe(refused.filter((to) => to <= first).length);
      }
      for (const { from } of open) mark.finish(from);
      expect(mark.offset).toBe(at);
    }),
  );
});

describe("a checkpoint", () => {
  const URL = "http://127.0.0.1:8787";
  const STATE = { url: URL, offset: 12, routes: 3, cursor: "abc" };

  test("is found again until it is removed, and holds for its own gateway alone", async () => {
    const work = await folder();
    const path = checkpointOf(join(work.cwd, "routes.ndjson"), "export");
    expect(await readCheckpoint(path, URL)).toBeUndefined();
    await writeCheckpoint(path, STATE);
    expect(await readCheckpoint(path, URL)).toEqual(STATE);
    const other = readCheckpoint(path, "https://other.example.com");
    await expect(other).rejects.toThrow("is of a run against");
    // A kill while the next one is written leaves this one.
    await writeFile(`${path}.new`, "{");
    expect(JSON.parse(await readFile(path, "utf8"))).toEqual(STATE);
    await writeFile(path, '{"url": 1}');
    await expect(readCheckpoint(path, URL)).rejects.toThrow("cannot be read");
    await removeCheckpoint(path);
    expect(await readCheckpoint(path, URL)).toBeUndefined();
    await work.remove();
  });
});
