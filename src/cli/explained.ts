import { randomBytes } from "node:crypto";

import { describedFacts, describedNow, describedUrl, type Described } from "../decide/described.ts";
import { explain, tell, type Step, type Told } from "../decide/explain.ts";
import { candidateOf } from "../decide/plan.ts";
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
  readonly decision: Told | null;
}

/** Decides a described request by a policy at hand, with the engine of the gateway. A newcomer draws a random id. QA links are not followed: their secret is the server's. */
export function explainLocally(
  { key, policy }: Keyed,
  described: Described,
  now: number,
): Explained {
  const compiled = compile(policy, key);
  const id = randomBytes(16).toString("base64url");
  const at = describedNow(described, now);
  let drawn = false;
  const facts = describedFacts(described, {
    candidate: candidateOf(key),
    cookieNames: compiled.cookieNames,
    now: at,
    draw: () => {
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
    path: describedUrl(described).path,
    summary,
    steps,
    decision: tell(decision, described.visitor),
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
