import { describe, expect, it } from "vitest";
import { MAX_ISSUES } from "../../../src/lib/issue.ts";
import { HOSTILE, LONG } from "../../support/hostile-policies.ts";
import { A, api, canary, create, match, type Answer } from "./api.ts";

/** Bytes of an answer to what is wrong. */
const MAX_ANSWER_BYTES = 65_536;

/** Bytes of one value of a request that an answer repeats. */
const MAX_ECHO_BYTES = 1024;

const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

/** The longest run of one letter in an answer, in which long values are written here. */
function longestRun(text: string): number {
  const runs = text.match(/([a-zA-Z])\1+/g) ?? [];
  return Math.max(0, ...runs.map((run) => run.length));
}

function expectBounded({ body }: Answer): void {
  const text = JSON.stringify(body);
  expect(bytesOf(text)).toBeLessThanOrEqual(MAX_ANSWER_BYTES);
  expect(longestRun(text)).toBeLessThanOrEqual(MAX_ECHO_BYTES);
}

const strange = (count: number): Record<string, unknown> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`zz${index}`, 1]));

const LONG_NAME = "z".repeat(100_000);

/** Each operation that takes a body, with one that it would take. */
const OPERATIONS: readonly (readonly [string, string, Record<string, unknown>])[] = [
  ["PUT", "/routes/bounded", { policy: A }],
  ["PATCH", "/routes/bounded", { policy: {} }],
  ["DELETE", "/routes/bounded", {}],
  ["POST", "/validate", { policy: A }],
  ["POST", "/explain", { request: { url: A } }],
  ["POST", "/routes/bounded/explain", { request: { url: `${A}/bounded` } }],
  ["POST", "/routes/bounded/preview", { policy: A }],
  ["POST", "/routes/bounded/rollback", { version: 1 }],
  ["POST", "/routes/bounded/links", { variant: "canary" }],
  ["POST", "/routes/bounded/actions/promote", { to: 1 }],
];

describe("an answer to a request that is wrong", () => {
  it.each(OPERATIONS)(
    "%s %s: tells some of many unknown fields, and part of a long one",
    async (method, path, body) => {
      const send = async (more: Record<string, unknown>) =>
        api(method, path, { headers: match("*"), body: { ...body, ...more } });
      const many = await send(strange(20_000));
      expect(many).toMatchObject({ status: 400, body: { code: "body-invalid" } });
      expect(many.body["issues"]).toHaveLength(MAX_ISSUES);
      expectBounded(many);
      const long = await send({ [LONG_NAME]: 1 });
      expect(long).toMatchObject({ status: 400, body: { code: "body-invalid" } });
      expectBounded(long);
    },
  );

  it.each(["explain", "preview"])(
    "of %s is bounded for the request it describes, too",
    async (question) => {
      await create(`bounded-${question}`, canary(5));
      for (const request of [
        { url: `${A}/bounded`, ...strange(20_000) },
        { url: LONG_NAME },
        { url: `${A}/bounded`, headers: { [LONG_NAME]: 1 } },
        { url: `${A}/bounded`, headers: strange(20_000) },
      ]) {
        const body = question === "preview" ? { policy: A, request } : { request };
        const answer = await api("POST", `/routes/bounded-${question}/${question}`, { body });
        expect(answer.status).toBe(400);
        expectBounded(answer);
      }
    },
  );

  it.each([
    ...Object.entries(HOSTILE).map(([name, make]) => [name, make(2000)] as const),
    ...Object.entries(LONG).map(([name, make]) => [name, make(9000)] as const),
  ])("of a policy with %s is bounded", async (_, policy) => {
    const answer = await api("POST", "/validate", { body: { policy } });
    expect(answer.status).toBe(200);
    expectBounded(answer);
  });
});
