import { afterEach, beforeEach } from "vitest";
import type { UpstreamContext } from "../../../../src/gateway/forward/ask.ts";
import { failover } from "../../../../src/gateway/forward/failover.ts";
import { startFaulty, type Faulty } from "../../../support/faulty.ts";
import { decisionOf } from "./upstream.ts";

/** Far more than an origin that is well takes, on a busy machine too. */
export const TIMEOUT_MS = 400;

/** The origins of a canary policy, new for each test. */
export interface World {
  canary: Faulty;
  stable: Faulty;
  fallback: Faulty;
}

/** Starts the origins before each test of a file, and stops them after it. */
export function worldOfEachTest(): World {
  const world = {} as World;
  beforeEach(async () => {
    const names = ["canary", "stable", "fallback"] as const;
    const [canary, stable, fallback] = await Promise.all(names.map((name) => startFaulty(name)));
    Object.assign(world, { canary, stable, fallback });
  });
  afterEach(() =>
    Promise.all([world.canary.close(), world.stable.close(), world.fallback.close()]),
  );
  return world;
}

/** One request, as a row: who answered, the answer, in whose place, what is charged. */
export async function outcomeIn(
  { canary, stable }: World,
  context: UpstreamContext,
  more: object = {},
): Promise<string> {
  const policy = {
    strategy: "canary",
    stable: stable.url,
    canary: canary.url,
    percent: 100,
    timeoutMs: TIMEOUT_MS,
    ...more,
  };
  const { response, failure, variant, rescuedFrom, primaryFailure } = await failover(
    context,
    decisionOf(policy),
  );
  const body = (await response?.text())?.split(" ", 1)[0];
  const answer = response === undefined ? `none, ${failure}` : `${response.status} ${body}`;
  return `${variant.name}: ${answer}; for ${rescuedFrom?.name}; primaryFailure ${primaryFailure}`;
}
