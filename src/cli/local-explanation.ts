import { randomBytes } from "node:crypto";

import {
  timeOfDescription,
  urlOfDescription,
  type RequestDescription,
} from "../decide/request-description.ts";
import { explainRequest, type Explained } from "../decide/explain-request.ts";
import { compile } from "../policy/compile.ts";
import { candidatesOf } from "../policy/keys.ts";
import { Failure } from "./failure.ts";
import type { Io } from "./io.ts";
import type { RoutePolicy } from "./source/local.ts";
import { style } from "./text/style.ts";
import { columns } from "./text/table.ts";

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
  return explainRequest(compile(policy, key), described, {
    candidate,
    now: timeOfDescription(described, now),
    newcomer: randomBytes(16).toString("base64url"),
    override: undefined,
  });
}

/** Keys that go before the one that was found, and that the caller may not see: nobody looked whether they are there. */
interface OutOfScope {
  readonly outOfScope?: readonly string[] | undefined;
}

function whereTo({ origin, path, resolve, via }: NonNullable<Explained["decision"]>): string {
  const at = resolve === undefined ? "" : ` at ${resolve}`;
  return origin + path + at + (via === undefined ? "" : ` via ${via}`);
}

/** An explanation for people: the steps, then the decision and where the request goes. */
export function render(io: Io, explained: Explained & OutOfScope): string[] {
  const { key, drawn, steps, summary, decision, answer, outOfScope = [] } = explained;
  const rows = steps.map(({ step, outcome }) => [`  ${style(io, "dim", step)}`, outcome]);
  return [
    style(io, "bold", key),
    ...columns(rows),
    style(io, decision === null && answer === null ? "red" : "green", summary),
    ...(decision === null ? [] : [`  → ${whereTo(decision)}`]),
    ...(drawn ? [style(io, "dim", "  a newcomer: the next may get another; see --visitor")] : []),
    ...(outOfScope.length === 0
      ? []
      : [
          style(
            io,
            "yellow",
            `  unless there is a route outside your scope: ${outOfScope.join(", ")}`,
          ),
        ]),
  ];
}
