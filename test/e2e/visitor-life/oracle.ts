import { SEED, bucket, murmur3, unit } from "../../../src/lib/hash.ts";
import { lastOf, nameOf, namesOf, type Operated } from "./policy.ts";

/** What the model knows of one visitor: nothing but what their own browser could tell. */
export interface Person {
  /** Of the cookie, once there is one. */
  readonly id: string | undefined;
  /** At which time at the latest the cookie was first set (ms); means nothing without an id. */
  readonly seenMs: number;
  /** Effective salt → variant. */
  readonly pins: ReadonlyMap<string, string>;
  /** Whether their browser has the consent cookie. */
  readonly consents: boolean;
  /** The variant of the QA session they are in. */
  readonly session: string | undefined;
}

export const STRANGER: Person = {
  id: undefined,
  seenMs: 0,
  pins: new Map(),
  consents: false,
  session: undefined,
};

/** A QA link as the visitor opens it: what it asks for, or what is wrong with it. */
export type Link = { readonly variant: string } | { readonly fault: string };

export interface Asked {
  readonly now: number;
  readonly key: string;
  readonly link: Link | undefined;
  readonly isBot: boolean;
  readonly isBeta: boolean;
}

/** What the contract promises for one request. */
export interface Promised {
  readonly variant: string;
  readonly reason: string;
  /** Whether the visitor cookie is asked for, and so set for someone who has none. */
  readonly identifies: boolean;
  /** What the cookie remembers from now on. */
  readonly pin: string | undefined;
}

export const saltOf = ({ epoch }: Operated, key: string): string =>
  epoch === undefined ? key : `${key}@${epoch}`;

/** The assignment as a warehouse would compute it from the golden hash and the contract's formulas. */
function assigned(policy: Operated, salt: string, id: string): string {
  const { split } = policy;
  if (split.strategy === "canary")
    return bucket(SEED.split, salt, id) * 100 < split.percent ? "canary" : "stable";
  if (split.strategy === "blue-green") return split.active;
  const scores = namesOf(policy).map((name, index) => {
    const u = unit(murmur3(`${salt}\n${id}\n${name}`, 1));
    return { name, score: -(split.weights[index] ?? 0) / Math.log(u) };
  });
  return scores.toSorted((a, b) => b.score - a.score)[0]?.name ?? "";
}

function colour(policy: Operated, person: Person, now: number): [variant: string, reason: string] {
  if (policy.split.strategy !== "blue-green") throw new Error("no colours here");
  const { active, next } = policy.split;
  if (next === undefined || now < next.atMs) return [active, "active"];
  const wasHere = person.id !== undefined && person.seenMs < next.atMs;
  const drains = now < next.atMs + next.drainSeconds * 1000;
  return wasHere && drains && active !== next.active
    ? [active, "draining"]
    : [next.active, "active"];
}

function defaultOf(policy: Operated, now: number): string {
  return policy.split.strategy === "blue-green"
    ? colour(policy, STRANGER, now)[0]
    : nameOf(policy, 0);
}

/** Whether a pin to this variant is worth anything. */
function holds(policy: Operated, variant: string): boolean {
  const { split, onZero } = policy;
  if (!namesOf(policy).includes(variant) || split.strategy === "blue-green") return false;
  if (split.strategy === "canary") {
    if (variant === "canary" && split.lapsed) return false;
    const share = variant === "canary" ? split.percent : 100 - split.percent;
    return share > 0 || onZero === "keep";
  }
  return (split.weights[namesOf(policy).indexOf(variant)] ?? 0) > 0 || onZero === "keep";
}

/** Whether a blue-green policy has use for knowing who is here. */
function marks(policy: Operated, now: number): boolean {
  if (policy.split.strategy !== "blue-green") return true;
  const { active, next } = policy.split;
  return (
    next !== undefined &&
    next.active !== active &&
    next.drainSeconds > 0 &&
    now < next.atMs + next.drainSeconds * 1000
  );
}

/**
 * The contract's order of decision once more, from its text and not from the code. `id` is what the
 * visitor's cookie holds after the answer: for a newcomer nobody can know it before.
 */
export function promised(policy: Operated, person: Person, asked: Asked, id: string): Promised {
  const { split } = policy;
  const { now, key } = asked;
  const salt = saltOf(policy, key);
  const settled = (variant: string, reason: string): Promised => ({
    variant,
    reason,
    identifies: false,
    pin: undefined,
  });
  if (policy.force !== undefined) return settled(nameOf(policy, policy.force), "forced");
  if (policy.bots && asked.isBot) return settled(lastOf(policy), "bot");
  if (policy.consent && !person.consents) return settled(defaultOf(policy, now), "no-consent");

  const carried =
    asked.link ?? (person.session === undefined ? undefined : { variant: person.session });
  let ignored = "";
  if (carried !== undefined && "variant" in carried) {
    if (namesOf(policy).includes(carried.variant)) return settled(carried.variant, "override");
    ignored = "; override=unknown-variant";
  } else if (carried !== undefined) {
    ignored = `; override=${carried.fault}`;
  }
  if (policy.beta && asked.isBeta) return settled(lastOf(policy), `rule${ignored}`);

  if (split.strategy === "blue-green") {
    const [variant, reason] = colour(policy, person, now);
    if (reason === "draining")
      return { ...settled(variant, `draining${ignored}`), identifies: true };
  }
  const pins = policy.pins && split.strategy !== "blue-green";
  const asksAnyway = pins || policy.coverage < 100;
  const pin = person.pins.get(salt);
  if (pins && pin !== undefined && holds(policy, pin))
    return { ...settled(pin, `pinned${ignored}`), identifies: true };

  const isOut = bucket(SEED.coverage, salt, id) * 100 >= policy.coverage;
  if (isOut)
    return { ...settled(defaultOf(policy, now), `not-covered${ignored}`), identifies: true };

  if (split.strategy === "blue-green") {
    const [variant, reason] = colour(policy, person, now);
    const identifies = asksAnyway || marks(policy, now);
    return { variant, reason: reason + ignored, identifies, pin: undefined };
  }
  if (split.strategy === "canary" && split.lapsed)
    return { ...settled("stable", `lease-expired${ignored}`), identifies: asksAnyway };
  const variant = assigned(policy, salt, id);
  const reason = split.strategy === "canary" && split.onRamp ? "ramp" : "split";
  return { variant, reason: reason + ignored, identifies: true, pin: pins ? variant : undefined };
}
