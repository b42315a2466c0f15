import { randomBytes } from "node:crypto";

import { describedFacts, describedNow, type Described } from "../decide/described.ts";
import { explain, type Step } from "../decide/explain.ts";
import { candidateOf } from "../decide/plan.ts";
import { renderReason } from "../decide/reason.ts";
import { compile } from "../policy/compile.ts";
import type { Io } from "./io.ts";
import type { Keyed } from "./source/local.ts";
import { style } from "./text/style.ts";
import { columns } from "./text/table.ts";

/** A decision in words. */
export interface Explained {
  readonly key: string;
  /** Absent where a path-map has no prefix for the path. */
  readonly variant: string | null;
  readonly origin: string | null;
  /** The path the origin is asked for. */
  readonly path: string | null;
  readonly reason: string | null;
  readonly steps: readonly Step[];
  readonly summary: string;
}

/** Decides a described request by a policy at hand, with the engine of the gateway. A newcomer draws a random id. */
export function explainLocally(
  { key, policy }: Keyed,
  described: Described,
  now: number,
): Explained {
  const compiled = compile(policy, key);
  const id = randomBytes(16).toString("base64url");
  const facts = describedFacts(described, {
    candidate: candidateOf(key),
    cookieNames: compiled.cookieNames,
    now: describedNow(described, now),
    draw: () => id,
    override: undefined,
  });
  const { decision, steps, summary } = explain(compiled, facts);
  const base = decision?.variant.origin;
  return {
    key,
    variant: decision?.variant.name ?? null,
    origin: base === undefined ? null : base.origin + base.base,
    path: decision?.path ?? null,
    reason: decision === undefined ? null : renderReason(decision.reason, decision.ignored),
    steps,
    summary,
  };
}

/** For people: the steps, then what came of them. */
export function render(io: Io, explained: Explained): string {
  const steps = columns(
    explained.steps.map(({ step, outcome }) => [`  ${style(io, "dim", step)}`, outcome]),
  );
  const to = explained.origin === null ? [] : [`  → ${explained.origin}${explained.path ?? ""}`];
  return [
    style(io, "bold", explained.key),
    ...(steps === "" ? [] : [steps]),
    style(io, explained.variant === null ? "red" : "green", explained.summary),
    ...to,
  ].join("\n");
}
