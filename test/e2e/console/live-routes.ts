import { textDigest } from "../../../src/report/digest.ts";
import type { HeldRoute } from "../../../src/report/wire.ts";
import { allocationsIn, counted } from "../../support/measured.ts";
import { byShard } from "./published.ts";
import type { ConsoleWorld } from "./support.ts";

const MINUTE_MS = 60_000;

/** What a variant answered in a minute: so many 200, so many 500. */
export type Outcome = readonly [variant: string, ok: number, failed?: number];

/** What a route's variants answered in a minute. */
export interface LastMinute {
  readonly key: string;
  readonly policy: object;
  readonly outcomes: readonly Outcome[];
}

function held({ key, policy, outcomes }: LastMinute, minute: number): HeldRoute {
  const text = JSON.stringify(policy);
  const [[experiment, allocation] = []] = allocationsIn(key, text, Date.now());
  if (experiment === undefined || allocation === undefined) throw new Error("there is no split");
  const variants = outcomes.map(([variant, ok, failed = 0]) => counted(variant, ok, failed));
  const splits = [{ experiment, allocation, minutes: [{ minute, variants }] }];
  const requests = outcomes.reduce((sum, [, ok, failed = 0]) => sum + ok + failed, 0);
  return { key, version: 1, digest: textDigest(text), requests, splits };
}

/**
 * What an isolate would have told of the last whole minute. Requests a minute and shares of failures are told of whole
 * minutes, and so of what comes now only when this one is over.
 */
export async function tellOfLastMinute(
  { fleet }: Pick<ConsoleWorld, "fleet">,
  told: readonly LastMinute[],
): Promise<void> {
  const minute = Math.floor(Date.now() / MINUTE_MS) - 1;
  const routes = told.map((one) => held(one, minute));
  for (const some of byShard(routes).values())
    await fleet.report({
      v: 1,
      isolate: `of the minute before, ${some[0]?.key}`,
      sequence: 1,
      routes: some,
      lookups: [],
      since: 0,
    });
}

const HOUR_MS = 3_600_000;

/** Routes whose shares will change, or wait to: each has a mark of its own. */
export function underWay(stable: string, canary: string) {
  const hoursFromNow = (hours: number) => new Date(Date.now() + hours * HOUR_MS).toISOString();
  const steps = [
    { percent: 5, holdSeconds: 7200 },
    { percent: 25, holdSeconds: 7200 },
    { percent: 100 },
  ];
  const ramp = (startAt: string, more: object = {}) => ({
    strategy: "canary",
    stable,
    canary,
    ramp: { startAt, steps, ...more },
  });
  return {
    "checkout.localhost": ramp(hoursFromNow(-1)),
    "docs.localhost": {
      strategy: "blue-green",
      blue: stable,
      green: canary,
      active: "blue",
      next: { active: "green", at: hoursFromNow(8) },
    },
    "login.localhost": ramp(hoursFromNow(1)),
    "mail.localhost": ramp(hoursFromNow(-3), { pausedAt: hoursFromNow(-0.5) }),
    "search.localhost": {
      ...ramp(hoursFromNow(-3)),
      guard: { checks: [{ metric: "failures", maxIncrease: 1 }], earn: true },
    },
  };
}
