import type { Explained } from "../../decide/explain-request.ts";
import type { Io } from "../io.ts";
import { style } from "./style.ts";
import { columns } from "./table.ts";

/** Keys that go before the one that was found, and that the caller may not see: nobody looked whether they are there. */
interface OutOfScope {
  readonly outOfScope?: readonly string[] | undefined;
}

function whereTo({ origin, path, resolve, via }: NonNullable<Explained["decision"]>): string {
  const at = resolve === undefined ? "" : ` at ${resolve}`;
  return origin + path + at + (via === undefined ? "" : ` via ${via}`);
}

/** An explanation for people: the steps, then the decision and where the request goes. */
export function renderExplanation(io: Io, explained: Explained & OutOfScope): string[] {
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
