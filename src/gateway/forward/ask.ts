import type { Failure, Retry, Variant } from "../../policy/compiled.ts";
import type { Platform } from "../platform.ts";
import { attempt, discard, type Attempt, type OriginRequest } from "./attempt.ts";
import type { Health } from "./health.ts";
import type { RetryBudgets } from "./retry-budget.ts";

/** The first wait before a retry where the policy names none (ms): drawn between 0 and its full length. */
export const BACKOFF_MS = 25;

/** Each wait is twice the one before, up to so many times the first. */
export const MAX_BACKOFF_FACTOR = 10;

/** Makes the request for one variant. */
export type Send = (variant: Variant) => OriginRequest;

/** What it takes to ask an origin. */
export interface UpstreamContext {
  readonly platform: Platform;
  readonly health: Health;
  readonly budgets: RetryBudgets;
  readonly send: Send;
  /** The route's key: health and budgets are kept for each. */
  readonly route: string;
  /** Who asks, as far as failures of one are told from failures of many. */
  readonly visitor: string;
  /** Whether the request can be sent more than once: GET, HEAD or OPTIONS without a body. */
  readonly replayable: boolean;
  /** When the client must have an answer (ms), all tries and stages together. */
  readonly deadline: number;
}

const PROVES_DOWN: ReadonlySet<Failure> = new Set(["network", "timeout", 502, 503, 504]);

/** The name under which the health of a variant's origin is kept. */
export function healthKey({ route }: UpstreamContext, { origin }: Variant): string {
  return `${route} ${origin.origin}`;
}

/** What is left for a try (ms), at most its own time-out; nothing where the time is up. */
function timeLeft({ deadline, platform }: UpstreamContext, timeoutMs: number): number {
  return Math.min(timeoutMs, deadline - platform.now());
}

const OUT_OF_TIME: Attempt = { response: undefined, failure: "timeout", isEvidence: false };

async function once(
  context: UpstreamContext,
  variant: Variant,
  timeoutMs: number,
): Promise<Attempt> {
  const left = timeLeft(context, timeoutMs);
  return left <= 0 ? OUT_OF_TIME : attempt(context.platform, context.send(variant), left);
}

function observe(context: UpstreamContext, variant: Variant, { failure }: Attempt): void {
  const { health, platform, visitor, route } = context;
  const failed = failure !== undefined && PROVES_DOWN.has(failure);
  const change = health.observe(healthKey(context, variant), { visitor, failed }, platform.now());
  if (change === undefined) return;
  const { origin } = variant.origin;
  if (change.to === "up") platform.log("warn", "an origin answers again", { route, origin });
  else {
    const { leftOutMs } = change;
    const details = { route, origin, failure, leftOutMs };
    platform.log("warn", "an origin is down; other ways go first", details);
  }
}

/** How long to wait before a retry (ms): at least what the policy names, and never in step with others. */
function backoff({ backoffMs }: Retry, retry: number, random: number): number {
  const factor = Math.min(MAX_BACKOFF_FACTOR, 2 ** retry);
  return backoffMs === undefined
    ? BACKOFF_MS * factor * random
    : backoffMs * factor * (1 + random / 2);
}

/**
 * Asks one origin, again where `retry` says so and the budget allows, and remembers how it did: all
 * tries together are one request of one visitor. Each try takes `timeoutMs` at most.
 */
export async function ask(
  context: UpstreamContext,
  variant: Variant,
  timeoutMs: number,
  retry?: Retry,
): Promise<Attempt> {
  const { now, random, sleep } = context.platform;
  let result = await once(context, variant, timeoutMs);
  if (retry !== undefined && context.replayable) {
    context.budgets.request(context.route, now());
    for (let tried = 0; tried < retry.attempts; tried += 1) {
      const outcome = result.failure ?? result.response?.status;
      if (outcome === undefined || !retry.on.has(outcome)) break;
      const wait = backoff(retry, tried, random());
      if (timeLeft(context, wait + 1) <= wait || !context.budgets.takes(context.route, now()))
        break;
      await sleep(wait);
      await discard(result.response);
      result = await once(context, variant, timeoutMs);
    }
  }
  if (result.isEvidence) observe(context, variant, result);
  return result;
}
