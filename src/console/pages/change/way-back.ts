import { act } from "../../../policy/actions/act.ts";
import type { Action } from "../../../policy/actions/index.ts";
import type { ActionName } from "../../../policy/actions/names.ts";
import type { Past } from "../../../policy/actions/definition.ts";
import { diff } from "../../../policy/diff.ts";
import { locate, type Pointer } from "../../../policy/locate.ts";
import type { Policy } from "../../../policy/schema.ts";

/** A policy before it was changed and after, and where in it that was. */
export interface Step {
  readonly pointer: Pointer;
  readonly before: Past;
  readonly after: Past;
}

/** An action that undoes another, with what it takes. */
export interface WayBack {
  readonly name: ActionName;
  readonly parameters: object;
}

/** Actions that may bring back what a policy said. */
function candidates(was: Policy | undefined): readonly WayBack[] {
  if (was === undefined || typeof was === "string") return [];
  const { force } = was;
  const found: WayBack[] = [
    { name: "unforce", parameters: {} },
    { name: "abort", parameters: {} },
    { name: "switch-back", parameters: {} },
    { name: "resume", parameters: {} },
  ];
  if (force !== undefined) found.push({ name: "force", parameters: { variant: force } });
  if ("percent" in was && typeof was.percent === "number")
    found.push({ name: "promote", parameters: { to: was.percent } });
  if ("variants" in was) {
    const pairs = was.variants.flatMap((one) =>
      "weight" in one ? [[one.name, one.weight] as const] : [],
    );
    const weights = Object.fromEntries<number>(pairs);
    found.push({ name: "weights", parameters: { weights } });
  }
  return found;
}

/** An instant in ms; of anything else `NaN`, which is like nothing. */
const instant = (value: unknown): number =>
  typeof value === "string" && /^\d{4}-\d\d-\d\dT/.test(value) ? Date.parse(value) : Number.NaN;

/** Whether two policies say the same; an instant may be written in two ways. */
const isSame = (one: Policy, other: Policy): boolean =>
  diff(one, other).every(({ from, to }) => instant(from) === instant(to));

/** The action that makes of a policy just what it was before, where there is one: it takes less of a role than any version put anew. Pure. */
export function wayBack({ pointer, before, after }: Step, now: number): WayBack | undefined {
  const node = pointer === "" ? {} : { node: pointer };
  const clock = { now, propagationMs: 0, past: [after, before] };
  return candidates(locate(before.policy, pointer)?.policy)
    .map(({ name, parameters }) => ({ name, parameters: { ...node, ...parameters } }))
    .find(({ name, parameters }) => {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each candidate is made with what its action takes
      const made = act(after.policy, { name, ...parameters } as Action, clock);
      return (
        made.ok && made.value.nothing === undefined && isSame(before.policy, made.value.policy)
      );
    });
}
