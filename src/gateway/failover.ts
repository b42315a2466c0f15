import type { Decision } from "../decide/decide.ts";
import type { Failure, Variant } from "../policy/compiled.ts";
import { attempt, discard, type Attempt } from "./attempt.ts";
import type { Health } from "./health.ts";
import type { Seams } from "./seams.ts";

/** The first wait before a retry (ms); it doubles, and each is drawn between 0 and its full length. */
export const BACKOFF_MS = 25;

/** How a request got its answer. */
export interface Served {
  readonly response: Response | undefined;
  /** Of the last try, where no way led to an answer. */
  readonly failure: Failure | undefined;
  /** Who answered, or was asked last. */
  readonly variant: Variant;
  /** Whose failure it is, where another way had to be taken. */
  readonly failed: Variant | undefined;
}

/** Sends the request to one variant; the time-out is until the response head. */
export type Send = (variant: Variant) => { readonly url: string; readonly init: RequestInit };

interface Ways {
  readonly seams: Seams;
  readonly health: Health;
  readonly send: Send;
  /** Whether the request can be sent more than once: GET, HEAD or OPTIONS without a body. */
  readonly replayable: boolean;
}

/** Who is asked when a variant failed: stable for a canary, else the heaviest other one. */
export function rescuer({ node, variant }: Decision): Variant | undefined {
  if (!node.rescue) return undefined;
  const others = node.variants.filter((other) => other !== variant);
  if (node.strategy === "canary") return variant === node.canary ? node.stable : undefined;
  return others.toSorted((a, b) => b.weight - a.weight)[0];
}

async function once(
  { seams, health, send }: Ways,
  variant: Variant,
  timeoutMs: number,
): Promise<Attempt> {
  const { url, init } = send(variant);
  const result = await attempt(seams, url, init, timeoutMs);
  if (result.response === undefined) health.fail(variant.origin.origin, seams.now());
  else health.succeed(variant.origin.origin);
  return result;
}

/** The first try and its retries; all retries together get one more `timeoutMs`. */
async function withRetries(ways: Ways, { node }: Decision, variant: Variant): Promise<Attempt> {
  let result = await once(ways, variant, variant.timeoutMs);
  if (node.retry === undefined || !ways.replayable) return result;
  const deadline = ways.seams.now() + variant.timeoutMs;
  for (let retry = 0; retry < node.retry.attempts; retry += 1) {
    if (result.failure === undefined || !node.retry.on.has(result.failure)) break;
    await ways.seams.sleep(BACKOFF_MS * 2 ** retry * ways.seams.random());
    const left = deadline - ways.seams.now();
    if (left <= 0) break;
    await discard(result.response);
    result = await once(ways, variant, Math.min(left, variant.timeoutMs));
  }
  return result;
}

/**
 * The variant, its retries, then the rescuer, then the fallback, until one answers: four stages of
 * at most `timeoutMs` each. A stage whose origin is known to be down is left out where another
 * follows. The failing answer of an origin is passed on where nothing better came.
 */
export async function failover(ways: Ways, decision: Decision): Promise<Served> {
  const { variant } = decision;
  const stages = [variant, rescuer(decision), decision.node.fallback].filter(
    (stage) => stage !== undefined,
  );
  let last: Attempt = { response: undefined, failure: "network" };
  let asked = variant;
  for (const [index, stage] of stages.entries()) {
    const isLast = index === stages.length - 1;
    if (!isLast && ways.health.isDown(stage.origin.origin, ways.seams.now())) continue;
    const earlier = last.response;
    asked = stage;
    last =
      stage === variant
        ? await withRetries(ways, decision, stage)
        : await once(ways, stage, stage.timeoutMs);
    if (last.failure === undefined) {
      await discard(earlier);
      break;
    }
    if (last.response === undefined) last = { ...last, response: earlier };
    else if (earlier !== last.response) await discard(earlier);
    // What has begun to stream a body away cannot be sent again.
    if (!ways.replayable) break;
  }
  return {
    response: last.response,
    failure: last.failure,
    variant: asked,
    failed: asked === variant ? undefined : variant,
  };
}
