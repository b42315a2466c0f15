import { formatInstant } from "../lib/instant-text.ts";
import type { CompiledPolicy } from "../policy/compiled.ts";
import type { Override } from "../policy/facts.ts";
import type { Candidate } from "../policy/keys.ts";
import {
  answerOf,
  explain,
  summarize,
  type AnswerSummary,
  type DecisionSummary,
} from "./explain.ts";
import type { Step } from "./steps.ts";
import {
  factsOfDescription,
  urlOfDescription,
  type RequestDescription,
} from "./request-description.ts";

/** A decision about a described request, in words, as the API and the command line tell it. */
export interface Explained {
  readonly key: string;
  /** The request names no visitor, so one was drawn, and the next may be another. */
  readonly drawn: boolean;
  /** When the request arrives: RFC 3339, in UTC. */
  readonly at: string;
  readonly path: string;
  readonly summary: string;
  readonly steps: readonly Step[];
  /** Null where the request is not forwarded. */
  readonly decision: DecisionSummary | null;
  /** What the gateway answers itself, where the policy says so; null for all other requests. */
  readonly answer: AnswerSummary | null;
}

/** What a description cannot say of itself. */
export interface ExplainContext {
  /** The key that the policy stands under, and what it takes off the path. */
  readonly candidate: Candidate;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** The id that a newcomer would draw. */
  readonly newcomer: string;
  readonly override: Override | undefined;
}

/** Decides a described request with the engine of the gateway, and tells every step. Pure. */
export function explainRequest(
  policy: CompiledPolicy,
  described: RequestDescription,
  { candidate, now, newcomer, override }: ExplainContext,
): Explained {
  let drawn = false;
  const facts = factsOfDescription(described, {
    candidate,
    cookieNames: policy.cookieNames,
    now,
    randomId: () => {
      drawn = true;
      return newcomer;
    },
    override,
  });
  const { url, path } = urlOfDescription(described);
  const asked = { origin: url.origin, path, mount: candidate.prefix, search: url.search };
  const { outcome, steps, summary } = explain(policy, facts, asked);
  return {
    key: candidate.key,
    drawn,
    at: formatInstant(now),
    path,
    summary,
    steps,
    decision: summarize(outcome, { visitor: described.visitor, now }),
    answer: answerOf(outcome, asked),
  };
}
