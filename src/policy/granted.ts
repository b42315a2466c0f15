import { isFields, listOf, type Fields } from "./check-report.ts";
import { childrenOf } from "./children.ts";
import { LANGUAGE, type Language } from "./language.ts";
import type { Policy } from "./schema.ts";

/** A ramp whose steps are earned: from when on it ran, in this version and before grants moved that. */
export interface GrantedRamp {
  /** Prefixes and names of rules that lead to its policy. */
  readonly path: string;
  readonly steps: string;
  readonly earned: number;
  /** The newest first. */
  readonly startAt: readonly string[];
}

/** A ramp on the way through a policy, with what says whether its steps are earned. */
interface Found {
  readonly path: string;
  readonly policy: Fields;
  readonly ramp: Fields;
}

/** Every ramp of a policy. Where a way has no name, its place tells it from others. */
function* rampsIn(policy: unknown, language: Language, path = ""): Generator<Found> {
  if (!isFields(policy)) return;
  const { ramp } = policy;
  if (isFields(ramp)) yield { path, policy, ramp };
  for (const { value, segment, steps } of childrenOf(policy, language))
    yield* rampsIn(value, language, `${path}\n${segment ?? steps.join("/")}`);
}

const isEarning = ({ guard }: Fields): boolean => isFields(guard) && guard["earn"] === true;

const stepsOf = ({ steps }: Fields): string =>
  JSON.stringify(
    listOf(steps).map((step) => (isFields(step) ? [step["percent"], step["holdSeconds"]] : step)),
  );

/** One version of a route: its policy, and whether it only granted a step. */
export interface GrantedForm {
  readonly policy: unknown;
  readonly isGrant: boolean;
}

/**
 * The ramps of a route's newest form whose steps are earned, with each instant they began at for as
 * long as nothing but grants moved that. `forms` come newest first, and no more of them are asked for
 * than are needed. Pure.
 */
export function grantedRamps(
  forms: Iterable<GrantedForm>,
  language: Language = LANGUAGE,
): GrantedRamp[] {
  const ramps = new Map<string, { steps: string; earned: number; startAt: string[] }>();
  /** Those whose story goes on further back. */
  let going: Set<string> | undefined;
  let wasGrant = false;
  for (const { policy, isGrant } of forms) {
    const here = new Map([...rampsIn(policy, language)].map((found) => [found.path, found]));
    if (going === undefined) {
      for (const [path, { ramp, policy: around }] of here)
        if (isEarning(around) && typeof ramp["startAt"] === "string")
          ramps.set(path, {
            steps: stepsOf(ramp),
            earned: typeof ramp["earned"] === "number" ? ramp["earned"] : 0,
            startAt: [ramp["startAt"]],
          });
      going = new Set(ramps.keys());
    } else
      for (const path of going) {
        const known = ramps.get(path);
        const ramp = here.get(path)?.ramp;
        const startAt = ramp?.["startAt"];
        const goesOn =
          known !== undefined &&
          ramp !== undefined &&
          typeof startAt === "string" &&
          stepsOf(ramp) === known.steps &&
          (wasGrant || startAt === known.startAt.at(-1));
        if (!goesOn) going.delete(path);
        else if (startAt !== known.startAt.at(-1)) known.startAt.push(startAt);
      }
    wasGrant = isGrant;
    if (going.size === 0) break;
  }
  return [...ramps].map(([path, ramp]) => ({ path, ...ramp }));
}

/** A policy without what the server has written of steps that were earned: what people would send who leave that out. Pure. */
export function withoutGrants(policy: unknown, language: Language = LANGUAGE): unknown {
  const plain = structuredClone(policy);
  for (const { policy: around, ramp } of rampsIn(plain, language))
    if (isEarning(around)) Reflect.deleteProperty(ramp, "earned");
  return plain;
}

/**
 * A policy that somebody sent, with what is the server's put back into it: where a ramp says nothing
 * of `earned` and began at an instant that only grants have moved since, the step that was earned and
 * the instant that it began at then. Whose steps are others begins anew. Pure.
 */
export function keepGrants(
  sent: Policy,
  granted: readonly GrantedRamp[],
  language: Language = LANGUAGE,
): Policy {
  const known = new Map(granted.map((one) => [one.path, one]));
  const kept = structuredClone(sent);
  let isChanged = false;
  for (const { path, policy, ramp } of rampsIn(kept, language)) {
    const one = known.get(path);
    const { startAt, earned } = ramp;
    if (one === undefined || earned !== undefined || !isEarning(policy)) continue;
    if (typeof startAt !== "string" || !one.startAt.includes(startAt)) continue;
    if (stepsOf(ramp) !== one.steps) continue;
    const [newest = startAt] = one.startAt;
    Object.assign(ramp, { startAt: newest }, one.earned > 0 ? { earned: one.earned } : {});
    isChanged = true;
  }
  return isChanged ? kept : sent;
}
