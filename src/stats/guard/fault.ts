import { percent, whole } from "../words.ts";
import type { JudgedVerdict } from "./types.ts";

/** Visitors of one variant, and for how many of them something was wrong. */
export interface Fault {
  readonly variant: string;
  readonly visitors: number;
  /** Different visitors with the fault, and their different addresses. */
  readonly faulty: number;
  readonly networks: number;
  /** What the fault is: `a failure`, `an answer after more than 874 ms`. */
  readonly what: string;
  /** The share of visitors that the check allows, 0…1. */
  readonly allowed: number;
  readonly minVisitors: number;
}

/**
 * Visitors below which "nothing is wrong" says nothing: so many that the fewest faults that may end a release are to
 * be expected at the limit.
 */
const visitorsToTell = ({ allowed, minVisitors }: Fault): number =>
  allowed > 0 ? Math.ceil(minVisitors / allowed) : minVisitors;

/** What keeps a share above its limit from being a verdict; none where it is one. */
function doubts(fault: Fault, isSure: boolean): string[] {
  const { faulty, networks, minVisitors, what } = fault;
  const needs = (seen: number, of: string) =>
    `${whole(seen)} ${of} with ${what}, of ${whole(minVisitors)} that a verdict needs`;
  return [
    ...(faulty < minVisitors ? [needs(faulty, "different visitors")] : []),
    ...(networks < minVisitors ? [needs(networks, "different addresses")] : []),
    ...(isSure ? [] : ["chance is not ruled out yet"]),
  ];
}

/** What comes of a fault: `isBeyond` where its value is above the limit, `isSure` where chance is ruled out. */
export function verdictOf(
  fault: Fault,
  { isBeyond, isSure }: { readonly isBeyond: boolean; readonly isSure: boolean },
): { readonly verdict: JudgedVerdict; readonly missing: string | undefined } {
  if (isBeyond) {
    const missing = doubts(fault, isSure);
    if (missing.length === 0) return { verdict: "breached", missing: undefined };
    return { verdict: "watching", missing: `${fault.variant}: ${missing.join("; ")}.` };
  }
  const [seen, needed] = [fault.visitors, visitorsToTell(fault)];
  if (seen >= needed) return { verdict: "healthy", missing: undefined };
  const missing = `${fault.variant} has ${whole(seen)} of the ${whole(needed)} visitors from which on a share of ${percent(fault.allowed)} tells anything.`;
  return { verdict: "watching", missing };
}
