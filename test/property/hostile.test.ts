import { describe, expect, test } from "vitest";
import { parse } from "../../src/policy/parse.ts";
import { HOSTILE, LONG } from "../support/hostile-policies.ts";

/**
 * Characters of one text: the work grows with it, so that eight times as many take eight times as long. They are some
 * ten thousand faults, and a nanosecond for each pair of those would take longer than it may.
 */
const TEXT_CHARS = 524_288;

/** CPU time of one text: 4 MB in under a second, with room for a machine that does other things too. */
const MAX_CPU_MS = 200;

function cpuMs(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** A policy with as many faults as its text has room for. */
function textOf(make: (size: number) => unknown): string {
  const each = JSON.stringify(make(1000)).length / 1000;
  return JSON.stringify(make(Math.floor(TEXT_CHARS / each)));
}

// A thousand faults cost seconds once, and a hundred thousand ended an isolate with all its routes (CWE-407).
describe("a large policy that is wrong is refused in no more time than its text is worth", () => {
  test.each([...Object.entries(HOSTILE), ...Object.entries(LONG)])("%s", (_, make) => {
    const text = textOf(make);
    let isPolicy = true;
    const judge = () => (isPolicy = parse(text, { allowPrivateOrigins: false }).ok);
    const first = cpuMs(judge);
    expect(isPolicy).toBe(false);
    // The better of two, where one is not enough: what else this process does in between is not the text's doing.
    const better = first < MAX_CPU_MS ? first : Math.min(first, cpuMs(judge), cpuMs(judge));
    expect(better).toBeLessThan(MAX_CPU_MS);
  });
});
