import { childrenOf } from "./children.ts";
import type { StickyInput } from "./fields/sticky.ts";
import { LANGUAGE, type Language } from "./language.ts";
import type { Policy } from "./schema.ts";

/** Where a policy stands inside another: an RFC 6901 pointer, `""` for the whole, `/paths/~1store` for a prefix. */
export type Pointer = string;

/** A policy found at its place. */
export interface Located {
  readonly policy: Policy;
  /** What path-maps above hand down, where the policy has no `sticky` of its own. */
  readonly sticky: StickyInput | undefined;
  /** The whole, with this policy replaced. */
  readonly replace: (next: Policy) => Policy;
}

type Steps = readonly (string | number)[];

const unescaped = (step: string): string => step.replaceAll("~1", "/").replaceAll("~0", "~");

function stepsOf(pointer: Pointer): string[] | undefined {
  if (pointer === "") return [];
  return pointer.startsWith("/") ? pointer.slice(1).split("/").map(unescaped) : undefined;
}

const leadsTo = (steps: Steps, pointed: readonly string[]): boolean =>
  steps.length <= pointed.length && steps.every((step, index) => String(step) === pointed[index]);

/** A value with another one put in where the steps lead; all beside it stays the same value. */
function put(value: unknown, [step, ...further]: Steps, next: unknown): unknown {
  if (step === undefined) return next;
  if (Array.isArray(value))
    return value.with(Number(step), put(value[Number(step)], further, next));
  const fields = typeof value === "object" && value !== null ? value : {};
  return { ...fields, [step]: put(Reflect.get(fields, step), further, next) };
}

function descend(
  located: Located,
  pointed: readonly string[],
  language: Language,
): Located | undefined {
  if (pointed.length === 0) return located;
  const { policy, replace } = located;
  if (typeof policy === "string") return undefined;
  for (const { steps, value, inherits } of childrenOf({ ...policy }, language)) {
    if (!leadsTo(steps, pointed)) continue;
    const child: Located = {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what stands inside a policy that passed the schema is one too
      policy: value as Policy,
      sticky: inherits ? (policy.sticky ?? located.sticky) : located.sticky,
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a policy with a policy in another one's place
      replace: (next) => replace(put(policy, steps, next) as Policy),
    };
    return descend(child, pointed.slice(steps.length), language);
  }
  return undefined;
}

/** Finds the policy a pointer names, and how to put another in its place; `undefined` where there is none. Pure. */
export function locate(
  policy: Policy,
  pointer: Pointer,
  language: Language = LANGUAGE,
): Located | undefined {
  const steps = stepsOf(pointer);
  const whole: Located = { policy, sticky: undefined, replace: (next) => next };
  return steps && descend(whole, steps, language);
}
