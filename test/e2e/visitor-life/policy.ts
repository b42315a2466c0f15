import { iso } from "../../property/time/scene.ts";

export type Colour = "blue" | "green";

/** How the operator splits at the moment. */
export type Split =
  | { readonly strategy: "weighted"; readonly weights: readonly number[] }
  | {
      readonly strategy: "canary";
      /** The share at this time; on a ramp it is the step that the clock stands in. */
      readonly percent: number;
      readonly onRamp: boolean;
      readonly lapsed: boolean;
    }
  | {
      readonly strategy: "blue-green";
      readonly active: Colour;
      readonly next:
        | { readonly active: Colour; readonly atMs: number; readonly drainSeconds: number }
        | undefined;
    };

/** A route's policy as its operator thinks of it. */
export interface Operated {
  readonly split: Split;
  readonly epoch: number | undefined;
  readonly pins: boolean;
  readonly onZero: "keep" | "evict";
  readonly consent: boolean;
  readonly coverage: number;
  /** Which variant the kill switch gives everybody, by number. */
  readonly force: number | undefined;
  /** Whether visitors with the header `x-beta` get the last variant. */
  readonly beta: boolean;
  /** Whether crawlers get the last variant. */
  readonly bots: boolean;
}

export const START: Operated = {
  split: { strategy: "weighted", weights: [50, 50, 0] },
  epoch: undefined,
  pins: false,
  onZero: "keep",
  consent: false,
  coverage: 100,
  force: undefined,
  beta: false,
  bots: false,
};

const NAMES = {
  weighted: ["control", "treatment", "third"],
  canary: ["stable", "canary"],
  "blue-green": ["blue", "green"],
} as const;

/** The names of a policy's variants, in the order in which they stand there. */
export const namesOf = ({ split }: Operated): readonly string[] => NAMES[split.strategy];

/** A variant's name by any number. */
export const nameOf = (policy: Operated, number: number): string => {
  const names = namesOf(policy);
  return names[number % names.length] ?? "";
};

export const lastOf = (policy: Operated): string => namesOf(policy).at(-1) ?? "";

const HOUR_MS = 3_600_000;

/** A ramp that stands at this percent now, with another step before it and one after it. */
function rampAt(percent: number, now: number): unknown {
  return {
    startAt: iso(now - 2 * HOUR_MS),
    steps: [
      { percent: Math.min(percent, 1), holdSeconds: 3600 },
      { percent, holdSeconds: 7200 },
      { percent: 100 },
    ],
    pausedAt: null,
  };
}

function splitFields(split: Split, originUrl: string, now: number): Record<string, unknown> {
  switch (split.strategy) {
    case "weighted":
      return {
        variants: NAMES.weighted.map((name, index) => ({
          name,
          origin: originUrl,
          weight: split.weights[index] ?? 0,
        })),
      };
    case "canary":
      return {
        stable: originUrl,
        canary: originUrl,
        ...(split.onRamp ? { ramp: rampAt(split.percent, now) } : { percent: split.percent }),
        lease: { until: iso(split.lapsed ? now - 1000 : now + HOUR_MS) },
      };
    case "blue-green":
      return {
        blue: originUrl,
        green: originUrl,
        active: split.active,
        ...(split.next === undefined
          ? {}
          : {
              next: {
                active: split.next.active,
                at: iso(split.next.atMs),
                drainSeconds: split.next.drainSeconds,
              },
            }),
      };
    default:
      return split satisfies never;
  }
}

/** The policy as it stands in KV. */
export function written(policy: Operated, originUrl: string, now: number): string {
  const { split } = policy;
  return JSON.stringify({
    strategy: split.strategy,
    ...splitFields(split, originUrl, now),
    sticky: { mode: policy.pins ? "pin" : "hash", onZero: policy.onZero },
    ...(policy.epoch === undefined ? {} : { epoch: policy.epoch }),
    ...(policy.consent ? { consent: { cookie: "agreed", value: "yes" } } : {}),
    ...(policy.coverage === 100 ? {} : { coverage: policy.coverage }),
    ...(policy.force === undefined ? {} : { force: nameOf(policy, policy.force) }),
    ...(policy.beta
      ? {
          rules: [{ name: "beta", match: { header: { "X-Beta": true } }, variant: lastOf(policy) }],
        }
      : {}),
    ...(policy.bots ? { bots: lastOf(policy) } : {}),
  });
}
