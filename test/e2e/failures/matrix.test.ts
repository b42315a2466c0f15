import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startFaulty, type Fault, type Faulty } from "../../support/faulty.ts";
import type { VisitOptions } from "../../support/jar.ts";
import { startBare, type BareGateway } from "../hostile/bare.ts";
import { see } from "./seen.ts";
import {
  REMEDIES,
  RETRIES,
  STRATEGIES,
  VISITOR,
  type Remedy,
  type Strategy,
} from "./strategies.ts";
import { FAULTY } from "./table.ts";

/** Long enough that no answer misses it on a busy machine; only what hangs waits for it, side by side. */
const TIMEOUT_MS = 2000;
/** With this step slow-head stays inside the time-out, and slow-body takes longer than it. */
const STEP_MS = 64;
/** What a busy machine may add to waits side by side: how many tries a request took is counted, not timed. */
const SLACK_MS = 2500;

/** A route and its bad origin, which no other test has: so tests can wait side by side. */
interface Lane {
  readonly key: string;
  readonly remedy: Remedy;
  readonly bad: Faulty;
}

interface Failing extends Lane, Elsewhere {}

interface Elsewhere {
  readonly good: Faulty;
  readonly spare: Faulty;
}

/** Each fault's test of a strategy asks each of these once. */
const LANES = {
  plain: "plain",
  retryOnceGone: "retry",
  retryInVain: "retry",
  rescue: "rescue",
  fallback: "fallback",
  post: "all",
} as const satisfies Record<string, Remedy>;
type LaneName = keyof typeof LANES;

let good: Faulty;
let spare: Faulty;
let gateway: BareGateway;
/** Those of the tests in which the other origins fail too. */
let failing: readonly [Failing, Failing];
const lanes = new Map<string, Lane>();
const policies: Record<string, unknown> = {};

const laneKey = (strategy: string, fault: Fault, lane: LaneName) =>
  `${strategy}-${fault}-${lane}`.toLowerCase();

async function openLane(
  key: string,
  { policy }: Strategy,
  remedy: Remedy,
  elsewhere: Elsewhere,
): Promise<Lane> {
  const bad = await startFaulty("bad", { stepMs: STEP_MS });
  const fields = REMEDIES[remedy];
  policies[key] = {
    ...policy({ bad: bad.url, good: elsewhere.good.url }),
    ...fields,
    ...("fallback" in fields ? { fallback: elsewhere.spare.url } : {}),
    timeoutMs: TIMEOUT_MS,
  };
  const lane = { key, remedy, bad };
  lanes.set(key, lane);
  return lane;
}

async function openFailing(key: string): Promise<Failing> {
  const elsewhere = { good: await startFaulty("good"), spare: await startFaulty("spare") };
  return { ...elsewhere, ...(await openLane(key, STRATEGIES[2], "all", elsewhere)) };
}

function laneOf(key: string): Lane {
  const lane = lanes.get(key);
  if (lane === undefined) throw new Error(`no lane is called ${key}`);
  return lane;
}

beforeAll(async () => {
  [good, spare] = await Promise.all([startFaulty("good"), startFaulty("spare")]);
  // All listen before the first one refuses: none is given a port that another has left.
  const opened = STRATEGIES.flatMap((strategy) =>
    FAULTY.flatMap(([fault]) =>
      (Object.entries(LANES) as [LaneName, Remedy][]).map(async ([lane, remedy]) =>
        openLane(laneKey(strategy.strategy, fault, lane), strategy, remedy, { good, spare }),
      ),
    ),
  );
  await Promise.all(opened);
  failing = [await openFailing("all-hang"), await openFailing("one-answers")];
  gateway = await startBare({ policies, levels: true });
});
afterAll(async () => {
  const origins = [...lanes.values()].map(({ bad }) => bad);
  await gateway?.close();
  await Promise.all(
    [...origins, good, spare, ...(failing ?? []).flatMap((one) => [one.good, one.spare])].map(
      (one) => one?.close(),
    ),
  );
});

interface Outcome {
  readonly answer: string;
  readonly by: string | undefined;
  readonly insteadOf: string | undefined;
}

/** As the table puts it: a failing answer that is not a problem of ours is the origin's own. */
async function outcome(
  { key }: Lane,
  options: VisitOptions = {},
): Promise<Outcome & { readonly headMs: number }> {
  const { answer, by, insteadOf, headMs } = await see(`${gateway.url}/${key}/shop`, {
    headers: VISITOR,
    ...options,
  });
  const isOwn = /^50[0234]$/.test(answer);
  return { answer: isOwn ? `${answer}, its own` : answer, by, insteadOf, headMs };
}

/** One request under the fault, in time, then one without it; `tries` are those of the bad origin that reached it. */
async function under(
  fault: Fault,
  lane: Lane,
  options: VisitOptions & { readonly passes?: boolean } = {},
): Promise<Outcome & { readonly tries: number; readonly next: string }> {
  const { bad } = lane;
  const before = bad.connections;
  // A closed port cannot open again between two tries of one request.
  if (options.passes === true && fault !== "refuse") bad.next(fault);
  else await bad.set(fault);
  const { headMs, ...first } = await outcome(lane, options);
  const tries = bad.connections - before;
  await bad.set("good");
  if (headMs > (tries + 1) * TIMEOUT_MS + SLACK_MS)
    throw new Error(`${lane.key} took ${headMs} ms`);
  const next = await outcome(lane);
  return { ...first, tries, next: `${next.answer} by ${next.by}` };
}

describe.concurrent.each(STRATEGIES)("$strategy", ({ strategy, own, other }) => {
  test.each(FAULTY)("%s", async (fault, row) => {
    const next = `200 by ${own}`;
    const tries = fault === "refuse" ? 0 : 1;
    const itself = { answer: row.plain, by: own, insteadOf: undefined, tries, next };
    const retried = (retries: number) => (row.charged ? tries * (1 + retries) : tries);
    const saved = (by: string | undefined) =>
      by === undefined || row.elsewhere === row.plain
        ? itself
        : { answer: row.elsewhere, by, insteadOf: own, tries, next };
    const lane = (name: LaneName) => laneOf(laneKey(strategy, fault, name));
    const [plain, retryOnceGone, retryInVain, rescue, fallback] = await Promise.all([
      under(fault, lane("plain")),
      under(fault, lane("retryOnceGone"), { passes: true }),
      under(fault, lane("retryInVain")),
      under(fault, lane("rescue")),
      under(fault, lane("fallback")),
    ]);
    expect({ plain, retryOnceGone, retryInVain, rescue, fallback }).toEqual({
      plain: itself,
      retryOnceGone:
        fault === "refuse" ? itself : { ...itself, answer: row.retry, tries: retried(1) },
      retryInVain: { ...itself, tries: retried(RETRIES) },
      rescue: saved(other),
      fallback: saved("fallback"),
    });
  });

  test.each(FAULTY)("%s: a POST is sent once, whatever else the policy has", async (fault, row) => {
    const lane = laneOf(laneKey(strategy, fault, "post"));
    const seen = await under(fault, lane, { body: "an order" });
    expect(seen).toMatchObject({ answer: row.plain, by: own, insteadOf: undefined });
    const posts = lane.bad.requests.filter((line) => line.startsWith("POST "));
    expect(posts).toHaveLength(fault === "refuse" ? 0 : 1);
  });
});

test("no POST of all these was sent to a rescuer or a fallback", () => {
  const methods = [...good.requests, ...spare.requests].map((line) => line.split(" ", 1)[0]);
  expect(new Set(methods)).toEqual(new Set(["GET"]));
});

describe.concurrent("everything fails", () => {
  const set = async (
    { bad, good: rescuer, spare: last }: Failing,
    ...faults: readonly [Fault, Fault, Fault]
  ) => Promise.all([bad.set(faults[0]), rescuer.set(faults[1]), last.set(faults[2])]);

  test("first try, each retry, rescuer and fallback take one time-out each, and no more", async () => {
    const [all] = failing;
    await set(all, "hang", "hang", "hang");
    const { answer, headMs } = await outcome(all);
    expect(answer).toBe("504 origin-timeout");
    const tries = 1 + RETRIES + 2;
    expect(headMs).toBeGreaterThan((tries - 0.5) * TIMEOUT_MS);
    expect(headMs).toBeLessThan(tries * TIMEOUT_MS + SLACK_MS);
    expect([all.bad, all.good, all.spare].map((one) => one.connections)).toEqual([
      1 + RETRIES,
      1,
      1,
    ]);
  });

  test("a failing answer that is there is passed on, with its sender's name", async () => {
    const [, all] = failing;
    await set(all, "503", "refuse", "garbage");
    const seen = await outcome(all);
    expect(seen).toMatchObject({ answer: "503, its own", by: "canary", insteadOf: undefined });
  });
});

test("nothing of all this was an error of the gateway", () => {
  const levels = gateway.logs().filter(({ level }) => level === "error");
  expect(levels).toEqual([]);
});
