import type { GuardCheck } from "../../lib/guard.ts";
import { whole } from "../words.ts";

/** Which limit a check has, and what it is of. */
interface Limited {
  readonly metric: GuardCheck["metric"];
  readonly limits: "max" | "maxIncrease" | "maxMs" | "maxDrop" | "p";
  /** Of `latency`: 0…1. */
  readonly quantile?: number;
  /** Of `goal`. */
  readonly goal?: string;
}

/** A figure in three digits at most after the point. */
const figure = (value: number): string => String(Number(value.toFixed(3)));

/** The figures of each kind of limit, in its unit. */
const UNITS: Readonly<Record<Limited["limits"], (value: number) => string>> = {
  max: (value) => `${figure(value)} %`,
  maxIncrease: (value) => `${figure(value)} %`,
  maxMs: (value) => `${whole(value)} ms`,
  maxDrop: (value) => `${figure(value)} %`,
  p: (value) => `p ${value < 0.001 ? "< 0.001" : figure(value)}`,
};

/** A figure of a check, with its unit; a dash for none. */
export function measured({ metric, limits }: Limited, value: number | null): string {
  if (value === null) return "–";
  // Of shares a difference is in points: percent of percent is what a latency's is in.
  if (metric === "failures" && limits === "maxIncrease")
    return value === 1 ? "1 point" : `${figure(value)} points`;
  return UNITS[limits](value);
}

const NAMES: Readonly<Record<Limited["metric"], (check: Limited) => string>> = {
  failures: () => "failures",
  latency: ({ quantile }) => `p${figure((quantile ?? 0) * 100)}`,
  goal: ({ goal }) => goal ?? "",
  srm: () => "sample ratio",
};

/** What a check looks at, and what it holds that against. */
export function checkName(check: Limited): string {
  const name = NAMES[check.metric](check);
  if (check.limits === "p") return name;
  return `${name} ${check.limits === "max" || check.limits === "maxMs" ? "in a window" : "vs. control"}`;
}
