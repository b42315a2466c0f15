import { describe, expect, test } from "vitest";
import { parse } from "../../src/policy/parse.ts";
import { HOSTILE, LONG } from "../support/hostile-policies.ts";

/**
 * Characters of one text: the work grows with it, so that eight times as many take eight times as long. They are some
 * ten thousand faults, and a nanosecond for each pair of those would take longer than it may.
 */
const TEXT_CHARS = 524_288;

/** CPU time of one text that is always allowed: 4 MB in under a second, with room for a machine that does other things too. */
const MAX_CPU_MS = 200;

/** A slow machine may need longer: then a text of an eighth of the size is taken, and this tells how much too much an eightfold time is. */
const PART = 8;
const MAX_OF_LINEAR = 3;

function cpuMs(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** A policy with as many faults as a text of that length has room for. */
function textOf(make: (size: number) => unknown, chars: number): string {
  const each = JSON.stringify(make(1000)).length / 1000;
  return JSON.stringify(make(Math.floor(chars / each)));
}

/** The least CPU time of a text, and what it is compared with: of a few runs where the first takes too long, for what this process does in between only ever adds. */
function measured(make: (size: number) => unknown) {
  const text = textOf(make, TEXT_CHARS);
  const accepted = new Set<boolean>();
  const timeOf = (of: string) =>
    cpuMs(() => accepted.add(parse(of, { allowPrivateOrigins: false }).ok));
  let leastMs = timeOf(text);
  let maxMs = MAX_CPU_MS;
  if (leastMs >= MAX_CPU_MS) {
    const part = textOf(make, TEXT_CHARS / PART);
    let partMs = Number.POSITIVE_INFINITY;
    for (let left = 3; left > 0; left -= 1) {
      partMs = Math.min(partMs, timeOf(part));
      leastMs = Math.min(leastMs, timeOf(text));
    }
    maxMs = Math.max(MAX_CPU_MS, partMs * PART * MAX_OF_LINEAR);
  }
  return { accepted, leastMs, maxMs };
}

// A thousand faults cost seconds once, and a hundred thousand ended an isolate with all its routes (CWE-407).
describe("a large policy that is wrong is refused in no more time than its text is worth", () => {
  test.each([...Object.entries(HOSTILE), ...Object.entries(LONG)])("%s", (_, make) => {
    const { accepted, leastMs, maxMs } = measured(make);
    expect([...accepted]).toEqual([false]);
    expect(leastMs).toBeLessThan(maxMs);
  });
});
