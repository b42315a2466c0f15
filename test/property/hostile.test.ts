import { describe, expect, test } from "vitest";
import { parse } from "../../src/policy/parse.ts";
import { measured } from "../support/cpu.ts";
import { HOSTILE, LONG } from "../support/hostile-policies.ts";

/**
 * Characters of one text: the work grows with it, so that eight times as many take eight times as long. They are some
 * ten thousand faults, and a nanosecond for each pair of those would take longer than it may.
 */
const TEXT_CHARS = 524_288;

/** CPU time of one text, where the machine is not too slow for it: 4 MB in under a second, with room for a machine that does other things too. */
const MAX_CPU_MS = 200;

/** A policy with as many faults as a text of that length has room for. */
function textOf(make: (size: number) => unknown, chars: number): string {
  const each = JSON.stringify(make(1000)).length / 1000;
  return JSON.stringify(make(Math.floor(chars / each)));
}

// A thousand faults cost seconds once, and a hundred thousand ended an isolate with all its routes (CWE-407).
describe("a large policy that is wrong is refused in no more time than its text is worth", () => {
  test.each([...Object.entries(HOSTILE), ...Object.entries(LONG)])("%s", (_, make) => {
    const accepted = new Set<boolean>();
    const judging = (chars: number) => {
      const text = textOf(make, chars);
      return () => accepted.add(parse(text, { allowPrivateOrigins: false }).ok);
    };
    const { leastMs, maxMs } = measured(TEXT_CHARS, judging, MAX_CPU_MS);
    expect([...accepted]).toEqual([false]);
    expect(leastMs).toBeLessThan(maxMs);
  });
});
