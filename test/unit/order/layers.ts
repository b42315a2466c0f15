import { SEED, bucket } from "../../../src/lib/hash.ts";
import type { CompiledPolicy } from "../../../src/policy/compiled.ts";
import type { Reason } from "../../../src/policy/reason.ts";
import {
  ROUTE,
  compiled,
  cookieOf,
  factsOf,
  iso,
  visitorId,
  type Scene,
} from "../../property/time/scene.ts";
import { pinOf } from "../../../src/decide/visitor.ts";

/** The fields in the contract's order of decision. */
export const ORDER = [
  "force",
  "bots",
  "consent",
  "override",
  "rules",
  "drain",
  "pin",
  "coverage",
  "group",
  "strategy",
] as const;

export type Field = (typeof ORDER)[number];

/** A field is not there, there without a say in this request, or decides it if nothing does before. */
export type State = "absent" | "passing" | "deciding";

export type States = Readonly<Partial<Record<Field, State>>>;

export interface Outcome {
  readonly variant: string;
  readonly reason: Reason;
}

/** One strategy under test: what each field leads to, all different where it has variants enough. */
export interface Subject {
  readonly name: string;
  readonly policy: Readonly<Record<string, unknown>>;
  readonly outcomes: Readonly<Partial<Record<Field, Outcome>>>;
}

/** When the visitor asks; they were first seen a day before. */
const NOW = Date.UTC(2026, 11, 1, 9);
const DAY_MS = 86_400_000;
const ID = visitorId(1);

const origin = (name: string) => `https://${name}.example.com`;
const weights = ["control", "forced", "crawlers", "override", "rule", "pinned", "winner"] as const;

export const SUBJECTS: readonly Subject[] = [
  {
    name: "weighted",
    policy: {
      strategy: "weighted",
      variants: weights.map((name) => ({
        name,
        origin: origin(name),
        weight: name === "winner" ? 1 : 0,
      })),
    },
    outcomes: {
      force: { variant: "forced", reason: "forced" },
      bots: { variant: "crawlers", reason: "bot" },
      consent: { variant: "control", reason: "no-consent" },
      override: { variant: "override", reason: "override" },
      rules: { variant: "rule", reason: "rule" },
      coverage: { variant: "control", reason: "not-covered" },
      group: { variant: "control", reason: "not-covered" },
      pin: { variant: "pinned", reason: "pinned" },
      strategy: { variant: "winner", reason: "split" },
    },
  },
  {
    name: "canary",
    policy: {
      strategy: "canary",
      stable: origin("stable"),
      canary: origin("canary"),
      ramp: { startAt: iso(NOW + DAY_MS), steps: [{ percent: 100 }] },
    },
    outcomes: {
      force: { variant: "canary", reason: "forced" },
      bots: { variant: "canary", reason: "bot" },
      consent: { variant: "stable", reason: "no-consent" },
      override: { variant: "canary", reason: "override" },
      rules: { variant: "canary", reason: "rule" },
      coverage: { variant: "stable", reason: "not-covered" },
      group: { variant: "stable", reason: "not-covered" },
      pin: { variant: "canary", reason: "pinned" },
      strategy: { variant: "stable", reason: "ramp" },
    },
  },
  {
    // One colour serves everybody, so a blue-green policy has no use for pins.
    name: "blue-green",
    policy: {
      strategy: "blue-green",
      blue: origin("blue"),
      green: origin("green"),
      active: "blue",
      next: { active: "green", at: iso(NOW - 1000), drainSeconds: 600 },
    },
    outcomes: {
      force: { variant: "blue", reason: "forced" },
      bots: { variant: "blue", reason: "bot" },
      consent: { variant: "green", reason: "no-consent" },
      override: { variant: "blue", reason: "override" },
      rules: { variant: "blue", reason: "rule" },
      coverage: { variant: "green", reason: "not-covered" },
      group: { variant: "green", reason: "not-covered" },
      drain: { variant: "blue", reason: "draining" },
      strategy: { variant: "green", reason: "active" },
    },
  },
];

/** A group's range with the visitor in it, or without. */
function groupWith(isIn: boolean): unknown {
  const place = bucket(SEED.group, "checkout", ID) * 100;
  const range = isIn === place < 50 ? { from: 0, to: 50 } : { from: 50, to: 100 };
  return { name: "checkout", ...range };
}

/** Policies that were made already, by their text: most combinations differ in the request alone. */
const made = new Map<string, CompiledPolicy>();

function madeOf(policy: unknown): CompiledPolicy {
  const text = JSON.stringify(policy);
  const known = made.get(text) ?? compiled(policy);
  made.set(text, known);
  return known;
}

/** The policy and the request of one combination of states. */
export function arrange({ policy, outcomes }: Subject, states: States) {
  const decides = (field: Field) => states[field] === "deciding";
  const stands = (field: Field) => (states[field] ?? "absent") !== "absent";
  const to = (field: Field) => outcomes[field]?.variant;
  const fields = {
    ...policy,
    ...(decides("force") ? { force: to("force") } : {}),
    ...(stands("bots") ? { bots: to("bots") } : {}),
    ...(stands("consent") ? { consent: { cookie: "agreed", value: "yes" } } : {}),
    ...(stands("rules")
      ? { rules: [{ name: "beta", match: { header: { "x-beta": "1" } }, variant: to("rules") }] }
      : {}),
    ...(stands("coverage") ? { coverage: decides("coverage") ? 0 : 99.999 } : {}),
    ...(stands("group") ? { group: groupWith(!decides("group")) } : {}),
    ...(stands("pin") ? { sticky: { mode: "pin" } } : {}),
  };
  const scene: Scene = {
    now: NOW,
    bot: decides("bots"),
    headers: decides("rules") ? { "x-beta": "1" } : {},
    cookies: {
      ...cookieOf({
        id: ID,
        // Seen at the cut-over is not seen before it.
        seenAt: decides("drain") ? NOW - DAY_MS : NOW - 1000,
        sentAt: NOW,
        pins: decides("pin") ? [pinOf(ROUTE, to("pin") ?? "")] : [],
      }),
      agreed: [decides("consent") ? "no" : "yes"],
    },
    override: decides("override") ? { ok: true, variant: to("override") ?? "" } : undefined,
  };
  return { policy: madeOf(fields), facts: factsOf(scene) };
}
