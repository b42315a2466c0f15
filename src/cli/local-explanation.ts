import { randomBytes } from "node:crypto";

import {
  factsOfDescription,
  timeOfDescription,
  urlOfDescription,
  type RequestDescription,
} from "../decide/request-description.ts";
import { explain, summarize, type Step, type DecisionSummary } from "../decide/explain.ts";
import { compile } from "../policy/compile.ts";
import { candidatesOf } from "../policy/keys.ts";
import { Failure } from "./failure.ts";
import type { Io } from "./io.ts";
import type { RoutePolicy } from "./source/local.ts";
import { style } from "./text/style.ts";
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

/** Decides a described request by a policy at hand, with the engine of the gateway. A newcomer draws a random id. QA links are not followed: their secret is the server's. Throws a failure where the request leads to another route. */
export function explainLocally(
  { key, policy }: RoutePolicy,
  described: RequestDescription,
  now: number,
): Explained {
  const { url, path } = urlOfDescription(described);
  const candidates = candidatesOf(url.hostname, path, { host: true, path: true });
  const candidate = candidates.find((one) => one.key === key);
  if (candidate === undefined) {
    const keys = candidates.map((one) => one.key).join(", ");
    const message = `the described request does not lead to "${key}"`;
    throw new Failure(message, `it leads to: ${keys}`, { code: "request-elsewhere" });
  }
  const compiled = compile(policy, key);
  const id = randomBytes(16).toString("base64url");
  const at = timeOfDescription(described, now);
  let drawn = false;
  const facts = factsOfDescription(described, {
    candidate,
    cookieNames: compiled.cookieNames,
    now: at,
    randomId: () => {
      drawn = true;
      return id;
    },
    override: undefined,
  });
  const { outcome, steps, summary } = explain(compiled, facts);
  return {
    key,
    drawn,
    at: new Date(at).toISOString(),
    path,
    summary,
    steps,
    decision: summarize(outcome, described.visitor),
  };
}

/** For people: the steps, then what came of them. */
export function render(io: Io, { key, drawn, steps, summary, decision }: Explained): string[] {
  const rows = steps.map(({ step, outcome }) => [`  ${style(io, "dim", step)}`, outcome]);
  return [
    style(io, "bold", key),
    ...columns(rows),
    style(io, decision === null ? "red" : "green", summary),
    ...(decision === null ? [] : [`  → ${decision.origin}${decision.path}`]),
    ...(drawn ? [style(io, "dim", "  a newcomer: the next may get another; see --visitor")] : []),
  ];
}
