import { locate } from "../../../policy/locate.ts";
import type { ActionName } from "../../../policy/actions/names.ts";
import type { Policy } from "../../../policy/schema.ts";
import type { Branch } from "../route/tree.ts";

/** A change that somebody means to make: an action, or, where no action does it, a whole policy. */
export type Wanted =
  | { readonly kind: "action"; readonly name: ActionName; readonly parameters: object }
  | { readonly kind: "put"; readonly policy: Policy };

/** What a form holds; each control has a part of it. */
export interface Draft {
  /** Of a canary; absent for the next step of its ramp. */
  readonly percent: number | undefined;
  readonly weights: Readonly<Record<string, number>>;
  readonly hours: number;
  readonly shorten: boolean;
  readonly when: "safe" | "now";
  readonly drainMinutes: number;
  readonly variant: string;
}

const HOUR_SECONDS = 3_600;
const MINUTE_SECONDS = 60;

const DEFAULT_HOURS = 2;

/** A policy's own percent, where it has a fixed one. */
export function fixedPercent({ policy }: Branch): number | undefined {
  if (typeof policy === "string" || !("percent" in policy)) return undefined;
  return typeof policy.percent === "number" ? policy.percent : undefined;
}

/** The percent that those have who are not with the control, as the policy stands now. */
export function percentNow({ leaf }: Branch, now: number): number {
  if (leaf === undefined || leaf.definition.guard === "nothing") return 0;
  const control = leaf.definition.guard.control(leaf, now);
  const shares = leaf.definition.shares(leaf, now);
  const at = leaf.variants.findIndex((variant) => variant === control);
  return at === -1 ? 0 : Math.round((1 - (shares[at] ?? 1)) * 10_000) / 100;
}

/** Whether a ramp leads on, so that there is a next step. */
export function hasRamp({ leaf }: Branch): boolean {
  const guard = leaf?.definition.guard;
  return (
    leaf !== undefined &&
    guard !== undefined &&
    guard !== "nothing" &&
    guard.ramp(leaf) !== undefined
  );
}

/** A form as it is first seen: as the policy stands. */
export function draftOf(branch: Branch, now: number): Draft {
  const { leaf } = branch;
  return {
    percent: hasRamp(branch) ? undefined : percentNow(branch, now),
    weights: Object.fromEntries(leaf?.variants.map(({ name, weight }) => [name, weight]) ?? []),
    hours: DEFAULT_HOURS,
    shorten: false,
    when: "safe",
    drainMinutes: 0,
    variant: leaf?.variants[0].name ?? "",
  };
}

const changedWeights = ({ leaf }: Branch, weights: Draft["weights"]) =>
  Object.fromEntries(
    (leaf?.variants ?? []).flatMap(({ name, weight }) =>
      weights[name] === undefined || weights[name] === weight ? [] : [[name, weights[name]]],
    ),
  );

type Builder = (branch: Branch, draft: Draft) => object;

/** An action's own parameters, as its form has them. */
const PARAMETERS: Partial<Readonly<Record<ActionName, Builder>>> = {
  promote: (_branch, { percent }) => (percent === undefined ? {} : { to: percent }),
  weights: (branch, { weights }) => ({ weights: changedWeights(branch, weights) }),
  renew: (_branch, { hours, shorten }) => ({
    seconds: Math.round(hours * HOUR_SECONDS),
    ...(shorten ? { shorten } : {}),
  }),
  switch: (_branch, { when, drainMinutes }) => ({
    ...(when === "now" ? { at: when } : {}),
    ...(drainMinutes !== 0 ? { drainSeconds: Math.round(drainMinutes * MINUTE_SECONDS) } : {}),
  }),
  force: (_branch, { variant }) => ({ variant }),
};

/** A change to a lower percent, which no action makes: an action only ever raises it, or takes everybody back. */
function lowered(whole: Policy, { pointer, policy }: Branch, percent: number): Wanted | undefined {
  if (typeof policy === "string" || !("percent" in policy)) return undefined;
  const located = locate(whole, pointer);
  return located && { kind: "put", policy: located.replace({ ...policy, percent }) };
}

/** What a form says; nothing where it says what is so already. Pure. */
export function wantedBy(
  whole: Policy,
  branch: Branch,
  name: ActionName,
  draft: Draft,
): Wanted | undefined {
  const fixed = fixedPercent(branch);
  const { percent } = draft;
  const build = PARAMETERS[name];
  const own = build?.(branch, draft) ?? {};
  if ("to" in own && fixed !== undefined && percent !== undefined) {
    if (percent === fixed) return undefined;
    if (percent < fixed) return lowered(whole, branch, percent);
  }
  if ("weights" in own && Object.keys(own.weights ?? {}).length === 0) return undefined;
  const node = branch.pointer === "" ? {} : { node: branch.pointer };
  return { kind: "action", name, parameters: { ...node, ...own } };
}
