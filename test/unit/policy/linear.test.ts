import { describe, expect, test } from "vitest";
import { MAX_ISSUES } from "../../../src/lib/issue.ts";
import { parseValue } from "../../../src/policy/parse.ts";
import { HOSTILE, LONG } from "../../support/hostile-policies.ts";
import { reads } from "../../support/reads.ts";
import { issuesOf } from "./judge.ts";

/** Faults of the smaller of two policies; more than are told, so that the larger differs in size alone. */
const FAULTS = 400;

/** Four times the policy may cost five times the reads: what grows with the square costs sixteen. */
const MAX_GROWTH = 5;

/** Bytes of the issues of one policy. */
const MAX_TOLD_BYTES = 65_536;

/** Characters in a row of one long value. */
const MAX_ECHO_CHARS = 1024;

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

const cost = (value: unknown): number =>
  reads(value, (watched) => parseValue(watched, { allowPrivateOrigins: false }));

// One policy written by hand, or one request with a `read` token, could stop an isolate (CWE-407).
describe("what is wrong with a policy costs no more than reading it", () => {
  test.each(Object.entries(HOSTILE))("%s", (_, make) => {
    const growth = cost(make(4 * FAULTS)) / cost(make(FAULTS));
    expect(growth).toBeLessThan(MAX_GROWTH);
    const issues = issuesOf(make(FAULTS));
    expect(issues.length).toBeGreaterThan(0);
    expect(issues.length).toBeLessThanOrEqual(MAX_ISSUES);
    expect(bytesOf(issues)).toBeLessThanOrEqual(MAX_TOLD_BYTES);
  });

  test.each(Object.entries(LONG))("%s is shown in part", (_, make) => {
    const issues = issuesOf(make(100_000));
    expect(issues.length).toBeGreaterThan(0);
    expect(bytesOf(issues)).toBeLessThanOrEqual(MAX_TOLD_BYTES);
    const told = JSON.stringify(issues);
    const longest = told.match(/([zZ])\1*|(?:\\+(?:u[0-9a-f]{4}|["\\]))+/g) ?? [];
    expect(Math.max(0, ...longest.map((run) => run.length))).toBeLessThanOrEqual(MAX_ECHO_CHARS);
  });
});
