import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startFaulty, type Fault, type Faulty } from "../../support/faulty.ts";
import { startGateway, type TestGateway } from "../../support/gateway.ts";
import type { VisitOptions } from "../../support/jar.ts";
import { see } from "./seen.ts";
import { RETRY_SHARE } from "../../../src/gateway/forward/retry-budget.ts";
import { FAULTY } from "./table.ts";

const TIMEOUT_MS = 500;
/** With this step slow-head stays inside the time-out, and slow-body takes longer than it. */
const STEP_MS = 16;
/** What a busy machine may add to a wait. */
const SLACK_MS = 800;
/** The visitor of all of these tests, for whom the weighted split is salted. */
const VISITOR = { "x-visitor": "two" };

let bad: Faulty;
let good: Faulty;
let spare: Faulty;
let gateway: TestGateway;

/** Every strategy, so that the visitor's variant is the bad origin; `other` is who may rescue. */
const STRATEGIES = [
  { strategy: "single", own: "origin", other: undefined, policy: () => ({ origin: bad.url }) },
  {
    strategy: "weighted",
    own: "wild",
    other: "calm",
    policy: () => ({
      strategy: "weighted",
      salt: "matrix",
      sticky: { by: [{ header: "x-visitor" }] },
      variants: [
        { name: "calm", origin: good.url, weight: 1 },
        { name: "wild", origin: bad.url, weight: 1 },
      ],
    }),
  },
  {
    strategy: "canary",
    own: "canary",
    other: "stable",
    policy: () => ({ strategy: "canary", stable: good.url, canary: bad.url, percent: 100 }),
  },
  {
    strategy: "blue-green",
    own: "green",
    other: "blue",
    policy: () => ({ strategy: "blue-green", blue: good.url, green: bad.url, active: "green" }),
  },
  {
    strategy: "path-map",
    own: "canary",
    other: "stable",
    policy: () => ({
      strategy: "path-map",
      paths: {
        "/shop": { strategy: "canary", stable: good.url, canary: bad.url, percent: 100 },
        "/else": good.url,
      },
    }),
  },
] as const;

const REMEDIES = {
  plain: { rescue: false },
  retry: { rescue: false, retry: { attempts: 2 } },
  rescue: { rescue: true },
  fallback: { rescue: false, fallback: "" },
  all: { rescue: true, retry: { attempts: 2 }, fallback: "" },
};
type Remedy = keyof typeof REMEDIES;

beforeAll(async () => {
  [bad, good, spare] = await Promise.all([
    startFaulty("bad", { stepMs: STEP_MS }),
    startFaulty("good"),
    startFaulty("spare"),
  ]);
  const policies: [string, unknown][] = STRATEGIES.flatMap(({ strategy, policy }) =>
    Object.entries(REMEDIES).map(([remedy, fields]): [string, unknown] => [
      `${strategy}-${remedy}`,
      {
        ...policy(),
        ...fields,
        ...("fallback" in fields ? { fallback: spare.url } : {}),
        timeoutMs: TIMEOUT_MS,
      },
    ]),
  );
  gateway = await startGateway({ policies: Object.fromEntries(policies) });
});
afterAll(() => Promise.all([gateway?.close(), bad?.close(), good?.close(), spare?.close()]));

const ask = (strategy: string, remedy: Remedy, options: VisitOptions = {}) =>
  see(`${gateway.url}/${strategy}-${remedy}/shop`, { headers: VISITOR, ...options });

interface Outcome {
  readonly answer: string;
  readonly by: string | undefined;
  readonly insteadOf: string | undefined;
}

/** As the table puts it: a failing answer that is not a problem of ours is the origin's own. */
async function outcome(
  strategy: string,
  remedy: Remedy,
  options?: VisitOptions,
): Promise<Outcome & { readonly headMs: number }> {
  const { answer, by, insteadOf, headMs } = await ask(strategy, remedy, options);
  const isOwn = /^50[0234]$/.test(answer);
  return { answer: isOwn ? `${answer}, its own` : answer, by, insteadOf, headMs };
}

/** One request under the fault, in time, then one without it. */
async function under(
  fault: Fault,
  strategy: string,
  remedy: Remedy,
  options: VisitOptions & { readonly passes?: boolean } = {},
): Promise<Outcome & { readonly next: string }> {
  // A budget holds retries to a share of a route's requests: these make room for more, those that slide out of its window included.
  if (remedy === "retry" || remedy === "all")
    await Promise.all(Array.from({ length: 3 / RETRY_SHARE }, () => ask(strategy, remedy)));
  // A closed port cannot open again between two tries of one request.
  if (options.passes === true && fault !== "refuse") bad.next(fault);
  else await bad.set(fault);
  const { headMs, ...first } = await outcome(strategy, remedy, options);
  await bad.set("good");
  const stages = remedy === "plain" || options.body !== undefined ? 1 : 2;
  if (headMs > stages * TIMEOUT_MS + SLACK_MS) throw new Error(`${remedy} took ${headMs} ms`);
  const next = await outcome(strategy, remedy);
  return { ...first, next: `${next.answer} by ${next.by}` };
}

describe.each(STRATEGIES)("$strategy", ({ strategy, own, other }) => {
  test.each(FAULTY)("%s", async (fault, row) => {
    const next = `200 by ${own}`;
    const itself = { answer: row.plain, by: own, insteadOf: undefined, next };
    const saved = (by: string | undefined) =>
      by === undefined || row.elsewhere === row.plain
        ? itself
        : { answer: row.elsewhere, by, insteadOf: own, next };
    expect({
      plain: await under(fault, strategy, "plain"),
      retryOnceGone: await under(fault, strategy, "retry", { passes: true }),
      retryInVain: await under(fault, strategy, "retry"),
      rescue: await under(fault, strategy, "rescue"),
      fallback: await under(fault, strategy, "fallback"),
    }).toEqual({
      plain: itself,
      retryOnceGone: fault === "refuse" ? itself : { ...itself, answer: row.retry },
      retryInVain: itself,
      rescue: saved(other),
      fallback: saved("fallback"),
    });
  });

  test.each(FAULTY)("%s: a POST is sent once, whatever else the policy has", async (fault, row) => {
    const before = [bad, good, spare].map(({ requests }) => requests.length);
    const seen = await under(fault, strategy, "all", { body: "an order" });
    expect(seen).toMatchObject({ answer: row.plain, by: own, insteadOf: undefined });
    const posts = bad.requests.slice(before[0]).filter((line) => line.startsWith("POST "));
    expect(posts).toHaveLength(fault === "refuse" ? 0 : 1);
    expect([good.requests.length, spare.requests.length]).toEqual(before.slice(1));
  });
});

describe("everything fails", () => {
  test("first try, each retry, rescuer and fallback take one time-out each, and no more", async () => {
    await Promise.all([bad.set("hang"), good.set("hang"), spare.set("hang")]);
    const { answer, headMs } = await outcome("canary", "all");
    await Promise.all([bad.set("good"), good.set("good"), spare.set("good")]);
    expect(answer).toBe("504 origin-timeout");
    expect(headMs).toBeGreaterThan(3.5 * TIMEOUT_MS);
    expect(headMs).toBeLessThan(4 * TIMEOUT_MS + SLACK_MS);
  });

  test("a failing answer that is there is passed on, with its sender's name", async () => {
    await Promise.all([bad.set("503"), good.set("refuse"), spare.set("garbage")]);
    const seen = await outcome("canary", "all");
    await Promise.all([bad.set("good"), good.set("good"), spare.set("good")]);
    expect(seen).toMatchObject({ answer: "503, its own", by: "canary", insteadOf: undefined });
  });

  test("nothing of all this was an error of the gateway", () => {
    const levels = gateway.logs().filter(({ level }) => level === "error");
    expect(levels).toEqual([]);
  });
});
