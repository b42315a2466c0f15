import type { Decision } from "../../decide/outcome.ts";
import type { Failure, Variant } from "../../policy/compiled.ts";
import { ask, isDown, type UpstreamContext } from "./ask.ts";
import { discard } from "./attempt.ts";

/** How a request got its answer. */
export interface UpstreamResult {
  readonly response: Response | undefined;
  /** Of the last try, where no way led to an answer; of the answer, where it is a failing one. */
  readonly failure: Failure | undefined;
  /** Who answered, or was asked last. */
  readonly variant: Variant;
  /** In whose place it answered. */
  readonly rescuedFrom: Variant | undefined;
  /** What is charged to the decided variant: `network`, `timeout`, a status from 500 on; `down` where it was left out for earlier failures. */
  readonly primaryFailure: Failure | "down" | undefined;
}

/** Who is asked when a variant failed, where the policy lets one: its strategy says. */
export function rescuer({ node, variant }: Decision): Variant | undefined {
  return node.rescue ? node.definition.rescuer(node, variant) : undefined;
}

const ALWAYS_FAILING: ReadonlySet<Failure> = new Set(["network", "timeout", 502, 503, 504]);

/** Whether an answer is to be had elsewhere: an origin's 500 is one only where the policy retries it. */
function leadsOn({ node }: Decision, failure: Failure | undefined): boolean {
  if (failure === undefined) return false;
  return ALWAYS_FAILING.has(failure) || node.retry?.on.has(failure) === true;
}

/** Variants, those not known to be down first. Looked up one by one: to ask about an origin may be to become its probe. */
function* inOrder(context: UpstreamContext, stages: readonly Variant[]) {
  const down: Variant[] = [];
  for (const stage of stages) {
    if (isDown(context, stage)) down.push(stage);
    else yield stage;
  }
  yield* down;
}

/**
 * The variant with its retries, then the rescuer, then the fallback, until one answers; stages whose
 * origin is known to be down come last. Each try takes its variant's `timeoutMs` at most. The last
 * failing answer of an origin is passed on where nothing better came.
 */
export async function failover(
  context: UpstreamContext,
  decision: Decision,
): Promise<UpstreamResult> {
  const { variant: decided, node } = decision;
  const stages = [decided, rescuer(decision), node.fallback].filter((stage) => stage !== undefined);
  let primaryFailure: UpstreamResult["primaryFailure"] = "down";
  let answer: { response: Response; failure: Failure | undefined; variant: Variant } | undefined;
  let last: { failure: Failure | undefined; variant: Variant } = {
    failure: undefined,
    variant: decided,
  };
  for (const variant of inOrder(context, stages)) {
    const retry = variant === decided ? node.retry : undefined;
    const { response, failure, brokenOff } = await ask(context, variant, variant.timeoutMs, retry);
    if (variant === decided) primaryFailure = brokenOff ? undefined : failure;
    last = { failure, variant };
    if (response !== undefined) {
      await discard(answer?.response);
      answer = { response, failure, variant };
    }
    // What has begun to stream a body away cannot be sent again.
    if (!leadsOn(decision, failure) || !context.replayable) break;
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
