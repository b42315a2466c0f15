import type { Decision } from "../../decide/outcome.ts";
import type { Failure, Variant } from "../../policy/compiled.ts";
import { attempt, discard, type Attempt } from "./attempt.ts";
import type { Health } from "./health.ts";
import type { Platform } from "../platform.ts";

/** The first wait before a retry (ms); it doubles, and each is drawn between 0 and its full length. */
export const BACKOFF_MS = 25;

/** How a request got its answer. */
export interface UpstreamResult {
  readonly response: Response | undefined;
  /** Of the last try, where no way led to an answer; of the answer, where it is a failing one. */
  readonly failure: Failure | undefined;
  /** Who answered, or was asked last. */
  readonly variant: Variant;
  /** In whose place it answered. */
  readonly rescuedFrom: Variant | undefined;
  /** What is charged to the decided variant; `down` where it was left out for earlier failures. */
  readonly primaryFailure: Failure | "down" | undefined;
}

/** Sends the request to one variant; the time-out is until the response head. */
export type Send = (variant: Variant) => { readonly url: string; readonly init: RequestInit };

/** What it takes to ask an origin. */
export interface UpstreamContext {
  readonly platform: Platform;
  readonly health: Health;
  readonly send: Send;
  /** Whether the request can be sent more than once: GET, HEAD or OPTIONS without a body. */
  readonly replayable: boolean;
}

/** Who is asked when a variant failed, where the policy lets one: its strategy says. */
export function rescuer({ node, variant }: Decision): Variant | undefined {
  return node.rescue ? node.definition.rescuer(node, variant) : undefined;
}

/** Asks one origin once, and remembers how it did. */
export async function ask(
  { platform, health, send }: UpstreamContext,
  variant: Variant,
  timeoutMs: number,
): Promise<Attempt> {
  const { url, init } = send(variant);
  const { origin } = variant.origin;
  const result = await attempt(platform, url, init, timeoutMs);
  if (result.response !== undefined) {
    if (health.succeed(origin)) platform.log("warn", "an origin answers again", { origin });
    return result;
  }
  // A slow upload takes time too: its visitor must not be able to declare an origin dead.
  if (result.failure === "timeout" && init.body != null) return result;
  const leftOutMs = health.fail(origin, platform.now());
  if (leftOutMs !== undefined) {
    const { failure } = result;
    platform.log("warn", "an origin is down; other ways go first", { origin, failure, leftOutMs });
  }
  return result;
}

/** The first try and its retries; all retries together, waits included, get one more `timeoutMs`. */
async function withRetries(
  ways: UpstreamContext,
  { node }: Decision,
  variant: Variant,
): Promise<Attempt> {
  const { now, random, sleep } = ways.platform;
  let result = await ask(ways, variant, variant.timeoutMs);
  if (node.retry === undefined || !ways.replayable) return result;
  const deadline = now() + variant.timeoutMs;
  for (let retry = 0; retry < node.retry.attempts; retry += 1) {
    if (result.failure === undefined || !node.retry.on.has(result.failure)) break;
    const wait = BACKOFF_MS * 2 ** retry * random();
    if (now() + wait >= deadline) break;
    await sleep(wait);
    await discard(result.response);
    // A timer that comes late must not turn what is left into nothing or less.
    result = await ask(ways, variant, Math.max(1, deadline - now()));
  }
  return result;
}

/** Those not known to be down first. Looked up one by one: to ask about an origin may be to become its probe. */
function* inOrder({ health, platform, replayable }: UpstreamContext, stages: readonly Variant[]) {
  const down: Variant[] = [];
  for (const stage of stages) {
    if (health.isDown(stage.origin.origin, platform.now(), replayable)) down.push(stage);
    else yield stage;
  }
  yield* down;
}

/**
 * The variant with its retries, then the rescuer, then the fallback, until one answers; stages whose
 * origin is known to be down come last. Each stage takes `timeoutMs` at most, retries once more as
 * long. The last failing answer of an origin is passed on where nothing better came.
 */
export async function failover(ways: UpstreamContext, decision: Decision): Promise<UpstreamResult> {
  const { variant: decided, node } = decision;
  const stages = [decided, rescuer(decision), node.fallback].filter((stage) => stage !== undefined);
  let primaryFailure: UpstreamResult["primaryFailure"] = "down";
  let answer: { response: Response; failure: Failure | undefined; variant: Variant } | undefined;
  let last: { failure: Failure | undefined; variant: Variant } = {
    failure: undefined,
    variant: decided,
  };
  for (const variant of inOrder(ways, stages)) {
    const { response, failure } =
      variant === decided
        ? await withRetries(ways, decision, variant)
        : await ask(ways, variant, variant.timeoutMs);
    if (variant === decided) primaryFailure = failure;
    last = { failure, variant };
    if (response !== undefined) {
      await discard(answer?.response);
      answer = { response, failure, variant };
    }
    // What has begun to stream a body away cannot be sent again.
    if (failure === undefined || !ways.replayable) break;
  }
  const { failure, variant } = answer ?? last;
  return {
    response: answer?.response,
    failure,
    variant,
    rescuedFrom: variant === decided ? undefined : decided,
    primaryFailure,
  };
}
