import type { Reason } from "../../policy/reason.ts";

/** What an origin is told of the decision. */
export interface DecisionInfo {
  readonly route: string;
  /** Who is asked: `fallback` for the fallback. */
  readonly variant: string;
  /** The variant decided on, where another is asked in its place. */
  readonly decided: string | undefined;
  /** The name of the split; nothing where one variant is all there is. */
  readonly experiment: string | undefined;
  readonly reason: Reason;
  readonly counted: boolean;
  /** The visitor's digest; nothing where nobody asked for it, or knows the visitor. */
  readonly digest: string | undefined;
}

/** A name as a header can carry it: visible ASCII as it is, anything else percent-encoded. */
export function encodeName(name: string): string {
  return /^[\x20-\x7E]*$/.test(name) ? name : encodeURIComponent(name);
}

/** The `X-Switchyard-*` fields of an origin's request that tell of the decision. */
export function setDecision(headers: Headers, info: DecisionInfo): void {
  const { experiment, decided, digest } = info;
  headers.set("x-switchyard-route", info.route);
  headers.set("x-switchyard-variant", encodeName(info.variant));
  headers.set("x-switchyard-reason", info.reason);
  headers.set("x-switchyard-counted", info.counted ? "1" : "0");
  if (experiment !== undefined) headers.set("x-switchyard-experiment", encodeName(experiment));
  if (digest !== undefined) headers.set("x-switchyard-visitor", digest);
  if (decided !== undefined) headers.set("x-switchyard-decided", encodeName(decided));
}
