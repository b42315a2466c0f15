import type { Snapshot } from "../../policy/snapshot.ts";

/** A route as an export has it. */
export interface Exported {
  readonly key: string;
  /** The ledger's; 0 for a text that somebody put by hand. */
  readonly version: number;
  readonly policy: unknown;
}

/** The snapshot of these routes, their texts as a ledger writes them. */
export function snapshotText(routes: readonly Exported[]): string {
  const texts = new Map(
    routes.map(({ key, version, policy }): [string, readonly [number, string]] => [
      key,
      [version, JSON.stringify(policy, null, 2)],
    ]),
  );
  const snapshot: Snapshot = { v: 1, routes: Object.fromEntries(texts) };
  return `${JSON.stringify(snapshot)}\n`;
}
