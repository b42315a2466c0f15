import type { CompiledPolicy } from "../policy/compiled.ts";
import { allocationOf } from "./allocation.ts";
import { decide } from "./decide.ts";
import { leadsBack, locationOf, urlOf, type AskedUrl } from "./location.ts";
import { experimentOf, type Outcome } from "./outcome.ts";
import { traceInto, type Step } from "./steps.ts";
import type { Facts } from "../policy/facts.ts";
import { describeReason, renderReason } from "../policy/reason.ts";
import { originName } from "../policy/variant.ts";

/** What is done with a request, and the way to it. */
export interface Explanation {
  /** The very value the gateway would act on. */
  readonly outcome: Outcome;
  readonly steps: readonly Step[];
  /** One line: what is done, and the reason in words. */
  readonly summary: string;
}

/** The rule that led to an answer, in words. */
function byRule(ledBy: string | undefined): string {
  if (ledBy === undefined) return "";
  return ledBy === "" ? " by a rule without a name" : ` by rule "${ledBy}"`;
}

function inWords(outcome: Outcome, asked: AskedUrl): string {
  switch (outcome.do) {
    case "forward": {
      const { variant, reason, ignored } = outcome;
      return `${variant.name} (${renderReason(reason, ignored)}): ${describeReason(reason)}`;
    }
    case "redirect": {
      const location = locationOf(outcome, asked);
      const led = `redirected${byRule(outcome.ledBy)} to ${location} (${outcome.status})`;
      return leadsBack(outcome, location, asked)
        ? `${led}, which is what was asked for: loop-detected`
        : led;
    }
    case "respond":
      return `answered${byRule(outcome.ledBy)} with ${outcome.status}, by no origin`;
    case "preflight":
      return "preflight: answered with 204 by cors, and by no origin";
    case "refuse":
      return `${outcome.problem}: no prefix of the path-map matches, and it has no default`;
    default:
      return outcome satisfies never;
  }
}

/** Decides as the gateway does, by the same code, and tells each step. Pure. */
export function explain(
  policy: CompiledPolicy,
  facts: Facts,
  asked: AskedUrl = urlOf(facts),
): Explanation {
  const steps: Step[] = [];
  const outcome = decide(policy, facts, traceInto(steps, facts.now));
  if (outcome.do === "forward")
    for (const { to } of outcome.mirrors)
      steps.push({
        step: "mirror",
        outcome: `a copy goes to ${originName(to.origin)}`,
      });
  return { outcome, steps, summary: inWords(outcome, asked) };
}

/** A decision as the API and the command line summarize it. */
export interface DecisionSummary {
  readonly variant: string;
  readonly reason: string;
  /** The reason, with the override that was not followed. */
  readonly because: string;
  readonly origin: string;
  /** The host that is connected to in place of the origin's own, where there is one. */
  readonly resolve?: string;
  /** The gateway's binding that the request goes through, where there is one. */
  readonly via?: string;
  /** What the origin is asked for. */
  readonly path: string;
  readonly counted: boolean;
  /** The name of the split, and the label of its shares at that time; absent where one variant is all there is. */
  readonly experiment?: string;
  readonly allocation?: string;
  readonly mirrored: boolean;
  readonly setsCookie: boolean;
  /** The id of the visitor's cookie, where there is one or one is set. */
  readonly visitor: string | null;
}

/** Who asked, as far as they say so, and when (ms since the epoch). */
export interface Asking {
  readonly visitor: string | undefined;
  readonly now: number;
}

/** Tells a decision; null where the request is not forwarded. */
export function summarize(outcome: Outcome, { visitor, now }: Asking): DecisionSummary | null {
  if (outcome.do !== "forward") return null;
  const experiment = experimentOf(outcome);
  const { variant, reason, ignored, path, counted, mirrors, remember } = outcome;
  const { origin } = variant;
  return {
    variant: variant.name,
    reason,
    because: renderReason(reason, ignored),
    origin: origin.origin + origin.base,
    ...(origin.resolve && { resolve: origin.resolve }),
    ...(origin.via && { via: origin.via }),
    path,
    counted,
    ...(experiment !== undefined && {
      experiment,
      allocation: allocationOf(outcome.node, now).label,
    }),
    mirrored: mirrors.length > 0,
    setsCookie: remember !== undefined,
    visitor: remember?.id ?? visitor ?? null,
  };
}

/** An answer of the gateway's own as the API and the command line summarize it. */
export interface AnswerSummary {
  readonly status: number;
  /** Where a redirect leads; null for all others. */
  readonly location: string | null;
}

/** Tells an answer that a policy gives without an origin; null for every other outcome. */
export function answerOf(outcome: Outcome, asked: AskedUrl): AnswerSummary | null {
  if (outcome.do !== "redirect" && outcome.do !== "respond") return null;
  const location = outcome.do === "redirect" ? locationOf(outcome, asked) : null;
  return { status: outcome.status, location };
}
