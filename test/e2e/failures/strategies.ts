/** The origins of a policy: the one that goes wrong, and one that is well. */
interface Origins {
  readonly bad: string;
  readonly good: string;
}

/** Every strategy, so that the visitor's variant is the bad origin; `other` is who may rescue. */
export const STRATEGIES = [
  {
    strategy: "single",
    own: "origin",
    other: undefined,
    policy: ({ bad }: Origins) => ({ origin: bad }),
  },
  {
    strategy: "weighted",
    own: "wild",
    other: "calm",
    policy: ({ bad, good }: Origins) => ({
      strategy: "weighted",
      salt: "matrix",
      sticky: { by: [{ header: "x-visitor" }] },
      variants: [
        { name: "calm", origin: good, weight: 1 },
        { name: "wild", origin: bad, weight: 1 },
      ],
    }),
  },
  {
    strategy: "canary",
    own: "canary",
    other: "stable",
    policy: ({ bad, good }: Origins) => ({
      strategy: "canary",
      stable: good,
      canary: bad,
      percent: 100,
    }),
  },
  {
    strategy: "blue-green",
    own: "green",
    other: "blue",
    policy: ({ bad, good }: Origins) => ({
      strategy: "blue-green",
      blue: good,
      green: bad,
      active: "green",
    }),
  },
  {
    strategy: "path-map",
    own: "canary",
    other: "stable",
    policy: ({ bad, good }: Origins) => ({
      strategy: "path-map",
      paths: {
        "/shop": { strategy: "canary", stable: good, canary: bad, percent: 100 },
        "/else": good,
      },
    }),
  },
] as const;

/** The visitor whom the weighted split above gives its bad origin. */
export const VISITOR = { "x-visitor": "two" };

export type Strategy = (typeof STRATEGIES)[number];

/** Tries after the first one, where there are any. */
export const RETRIES = 2;

/** What a policy has against a failing origin. */
export const REMEDIES = {
  plain: { rescue: false },
  retry: { rescue: false, retry: { attempts: RETRIES } },
  rescue: { rescue: true },
  fallback: { rescue: false, fallback: "" },
  all: { rescue: true, retry: { attempts: RETRIES }, fallback: "" },
};
export type Remedy = keyof typeof REMEDIES;
