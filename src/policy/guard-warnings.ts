import type { GuardAction } from "../lib/guard.ts";
import { shorten } from "../lib/shorten.ts";
import { isFields, type Fields } from "./check-report.ts";
import type { Common } from "./common.ts";
import type { Idle } from "./idle-fields.ts";
import type { AnyLeafStrategy, Guarding } from "./strategies/definition.ts";

/** A policy, and all that says what a guard on it can come to. */
interface Guarded {
  readonly definition: AnyLeafStrategy;
  /** What it says itself. */
  readonly written: Common;
  /** What it says itself, with what path-maps hand down. */
  readonly inForce: Common;
  /** The names of receivers of notices, where they are known. */
  readonly receivers: readonly string[] | undefined;
}

/** What a check that never takes anything back may still do. */
const HARMLESS: ReadonlySet<GuardAction> = new Set(["alert", "pause"]);

/** Why no visitor of a split is ever compared with another; nothing where some are. */
function whyNoFigures({ written, inForce }: Guarded, compares: boolean): string | undefined {
  const { sticky, coverage } = inForce;
  if (written.force !== undefined) return '"force" gives everybody one variant';
  if (!compares) return undefined;
  if (coverage === 0) return '"coverage" is 0, so nobody is drawn';
  if (sticky === false) return '"sticky" is false, so nobody is known again';
  const isByAddress = sticky?.by?.every((source) => source === "ip") ?? false;
  return isByAddress
    ? "visitors are known by address alone, which says nothing lasting"
    : undefined;
}

function* oddParts(
  { definition, written, receivers }: Guarded,
  guarding: Omit<Guarding<never>, "control" | "ramp" | "waits">,
): Generator<Idle> {
  const { guard } = written;
  if (guard === undefined) return;
  const action = guard.action ?? guarding.actions[0];
  if (guard.checks.every(({ metric }) => metric === "srm") && !HARMLESS.has(action))
    yield {
      steps: ["guard", "action"],
      message: `"${action}" is never done here: a split that is not sound is told of, and takes nothing back`,
      fix: 'write "action": "alert", or add a check of failures, latency or a goal',
    };
  const [first] = definition.variantNames({ ...written });
  const hasNobody =
    guard.control === undefined &&
    first !== undefined &&
    guarding.compares &&
    !guarding.controls({ ...written }).includes(first);
  if (hasNobody)
    yield {
      steps: ["guard"],
      message: `comes to no verdict here: "${shorten(first)}", which the others are compared with, has no visitors`,
      fix: 'name a variant that has some as "control"',
    };
  for (const [index, name] of (guard.notify ?? []).entries())
    if (receivers !== undefined && !receivers.includes(name))
      yield {
        steps: ["guard", "notify", index],
        message: `nobody is told: no receiver in the secret WEBHOOKS is called "${shorten(name)}"`,
        fix: "add it there, or name one that is",
      };
}

/** What is odd about a guard, though it is valid, and about a policy that should have one. */
export function* oddGuard(place: Guarded): Generator<Idle> {
  const { definition, written } = place;
  const { guard: guarding } = definition;
  const { ramp }: Fields = { ...written };
  const { guard } = written;
  if (isFields(ramp) && ramp["earned"] !== undefined && guard?.earn !== true)
    yield {
      steps: ["ramp", "earned"],
      message: '"earned" does nothing here: no guard has the steps of the ramp earned',
      fix: 'write "earn": true in "guard", or take "earned" away',
    };
  if (guarding === "nothing") return;
  const why = whyNoFigures(place, guarding.compares);
  if (guard === undefined) {
    if (guarding.advised && why === undefined)
      yield {
        steps: [],
        message: `nothing takes this ${definition.title} back by itself where it does harm`,
        fix: 'add "guard": {"checks": [{"metric": "failures", "maxIncrease": 1}]}',
      };
    return;
  }
  if (why !== undefined)
    yield {
      steps: ["guard"],
      message: `comes to no verdict here: ${why}`,
      fix: 'mend that, or take "guard" away',
    };
  yield* oddParts(place, guarding);
}
