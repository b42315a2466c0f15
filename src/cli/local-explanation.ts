import { randomBytes } from "node:crypto";

import {
  factsOfDescription,
  timeOfDescription,
  urlOfDescription,
  type RequestDescription,
} from "../decide/request-description.ts";
import { explain, summarize, type Step, type DecisionSummary } from "../decide/explain.ts";
import { candidateOf } from "../preview/plan.ts";
import { compile } from "../policy/compile.ts";
import type { Io } from "./io.ts";
import type { Keyed } from "./source/local.ts";
import { plain, style } from "./text/style.ts";
import { columns } from "./text/table.ts";

/** A decision in words, in the form the API answers with. */
export interface Explained {
  readonly key: string;
  /** The request names no visitor, so one was drawn, and the next may be another. */
  readonly drawn: boolean;
  readonly at: string;
  readonly path: string;
  readonly summary: string;
  readonly steps: readonly Step[];
  /** Null where a path-map has no prefix for the path. */
  readonly decision: DecisionSummary | null;
}

/** Decides a described request by a policy at hand, with the engine of the gateway. A newcomer draws a random id. QA links are not followed: their secret is the server's. */
export function explainLocally(
  { key, policy }: Keyed,
  described: RequestDescription,
  now: number,
): Explained {
  const compiled = compile(policy, key);
  const id = randomBytes(16).toString("base64url");
  const at = timeOfDescription(described, now);
  let drawn = false;
  const facts = factsOfDescription(described, {
    candidate: candidateOf(key),
    cookieNames: compiled.cookieNames,
    now: at,
    randomId: () => {
      drawn = true;
      return id;
    },
    override: undefined,
  });
  const { decision, steps, summary } = explain(compiled, facts);
  return {
    key,
    drawn,
    at: new Date(at).toISOString(),
    path: urlOfDescription(described).path,
    summary,
    steps,
    decision: summarize(decision, described.visitor),
  };
}

/** For people: the steps, then what came of them. */
export function render(io: Io, { key, drawn, steps, summary, decision }: Explained): string {
  const rows = steps.map(({ step, outcome }) => [`  ${style(io, "dim", step)}`, plain(outcome)]);
  return [
    style(io, "bold", key),
    ...(rows.length === 0 ? [] : [columns(rows)]),
    style(io, decision === null ? "red" : "green", plain(summary)),
    ...(decision === null ? [] : [`  → ${decision.origin}${decision.path}`]),
    ...(drawn ? [style(io, "dim", "  a newcomer: the next may get another; see --visitor")] : []),
  ].join("\n");
}
