import type { Issue } from "../../../src/lib/issue.ts";
import { parseValue } from "../../../src/policy/parse.ts";

export const ORIGIN = "https://www.example.com";

/** What is wrong with a value as a policy; nothing, where it is one. */
export function issuesOf(value: unknown, allowPrivateOrigins = false): readonly Issue[] {
  const parsed = parseValue(value, { allowPrivateOrigins });
  return parsed.ok ? [] : parsed.issues;
}

/** Where it is wrong, each place once. */
export const pathsOf = (value: unknown): string[] => [
  ...new Set(issuesOf(value).map(({ path }) => path)),
];

type Fields = Readonly<Record<string, unknown>>;

export const single = (fields: Fields = {}): Fields => ({ origin: ORIGIN, ...fields });

export const weighted = (fields: Fields = {}): Fields => ({
  strategy: "weighted",
  variants: [
    { name: "control", origin: ORIGIN, weight: 90 },
    { name: "treatment", origin: ORIGIN, weight: 10 },
  ],
  ...fields,
});

export const canary = (fields: Fields = { percent: 5 }): Fields => ({
  strategy: "canary",
  stable: ORIGIN,
  canary: ORIGIN,
  ...fields,
});

/** A canary as it should be: with a guard. */
export const guarded = (fields: Fields = {}): Fields =>
  canary({ percent: 5, guard: { checks: [{ metric: "failures", max: 5 }] }, ...fields });

export const blueGreen = (fields: Fields = {}): Fields => ({
  strategy: "blue-green",
  blue: ORIGIN,
  green: ORIGIN,
  active: "blue",
  ...fields,
});

export const pathMap = (fields: Fields = {}): Fields => ({
  strategy: "path-map",
  paths: { "/a": ORIGIN },
  ...fields,
});

export const redirect = (fields: Fields = { host: "www.example.com" }): Fields => ({
  strategy: "redirect",
  ...fields,
});

export const respond = (fields: Fields = {}): Fields => ({
  strategy: "respond",
  status: 503,
  ...fields,
});
