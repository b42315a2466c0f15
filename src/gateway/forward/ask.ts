import type { Failure, Retry, Variant } from "../../policy/compiled.ts";
import { originName } from "../../policy/variant.ts";
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
  /** Whether it asks for another protocol: that this fails says nothing of the pages of the origin. */
  readonly isHandshake: boolean;
  /** When the client began to wait (ms). */
  readonly startedAt: number;
  /** When the client must have an answer (ms), all tries and stages together. */
  readonly deadline: number;
}

const PROVES_DOWN: ReadonlySet<Failure> = new Set(["network", "timeout", 502, 503, 504]);

/** The name under which the health of a variant's origin is kept: two bases of one host are two applications. */
function healthKey({ route }: UpstreamContext, { origin, rewrite }: Variant): string {
  return `${route} ${originName(origin, rewrite?.prefix)}`;
}

/** Whether a variant's origin is to be left out for its earlier failures. A no may make this request its probe. */
export function isDown(context: UpstreamContext, variant: Variant): boolean {
  const { health, platform, visitor, replayable, isHandshake } = context;
  const key = healthKey(context, variant);
  return health.isDown(key, visitor, platform.now(), replayable && !isHandshake);
}

/** What is left for a try (ms), at most its own time-out; nothing where the time is up. */
function timeLeft({ deadline, platform }: UpstreamContext, timeoutMs: number): number {
  return Math.min(timeoutMs, deadline - platform.now());
}

const OUT_OF_TIME: Attempt = {
  response: undefined,
  failure: "timeout",
  isEvidence: false,
  brokenOff: false,
};

/** A try that had less than half of its time, because others had used up the rest, says nothing of its origin. */
const FAIR_SHARE = 0.5;

async function once(
  context: UpstreamContext,
  variant: Variant,
  timeoutMs: number,
): Promise<Attempt> {
  const left = timeLeft(context, timeoutMs);
  if (left <= 0) return OUT_OF_TIME;
  const result = await attempt(context.platform, context.send(variant), left);
  const wholeMs = Math.min(variant.timeoutMs, context.deadline - context.startedAt);
  const isCut = result.failure === "timeout" && left < wholeMs * FAIR_SHARE;
  return isCut && result.response === undefined ? { ...result, isEvidence: false } : result;
}

function observe(context: UpstreamContext, variant: Variant, result: Attempt): void {
  const { health, platform, visitor, route, isHandshake } = context;
  const { failure, isEvidence, cause } = result;
  const key = healthKey(context, variant);
  const failed = failure !== undefined && PROVES_DOWN.has(failure);
  if (!isEvidence || (failed && isHandshake)) return health.giveUp(key, visitor);
  const change = health.observe(key, { visitor, failed }, platform.now());
  if (change === undefined) return;
  const origin = originName(variant.origin);
  if (change.to === "up") platform.log("warn", "an origin answers again", { route, origin });
  else {
    const { leftOutMs } = change;
    const details = { route, origin, failure, cause, leftOutMs };
    platform.log("warn", "an origin is down; other ways go first", details);
  }
}

/** Of what is left of the time, a wait that no policy names takes this share at most: the rest is the try's. */
const WAITING_SHARE = 0.5;

/** How long to wait before a retry (ms): at least what the policy names, and never in step with others. */
function backoff({ backoffMs }: Retry, retry: number, random: number, leftMs: number): number {
  const factor = Math.min(MAX_BACKOFF_FACTOR, 2 ** retry);
  return backoffMs === undefined
    ? Math.min(BACKOFF_MS * factor, leftMs * WAITING_SHARE) * random
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
  if (retry !== undefined) context.budgets.request(context.route, now());
  if (retry !== undefined && context.replayable) {
    for (let tried = 0; tried < retry.attempts; tried += 1) {
      const outcome = result.failure ?? result.response?.status;
      if (outcome === undefined || !retry.on.has(outcome)) break;
      const wait = backoff(retry, tried, random(), timeLeft(context, Infinity));
      if (timeLeft(context, wait + 1) <= wait || !context.budgets.takes(context.route, now()))
        break;
      await sleep(wait);
      await discard(result.response);
      result = await once(context, variant, timeoutMs);
    }
  }
  observe(context, variant, result);
  return result;
}
