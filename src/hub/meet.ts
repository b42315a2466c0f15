import type { Directory } from "./directory.ts";
import type { Head } from "./head.ts";
import type { HubPlatform } from "./platform.ts";
import type { HubStore } from "./store.ts";

/** What meeting a route takes. */
export interface Around {
  readonly store: HubStore;
  readonly directory: Directory;
  readonly platform: HubPlatform;
  /** Hears of every route that was looked at, with what was known of it before. */
  readonly looked: (key: string, before: Head | undefined) => void;
}

/**
 * Looks at KV for what was put there past the ledgers. Of a route that was never heard of its ledger
 * is asked first: it alone knows whether KV may be late with a put. Rejects where either does not
 * answer.
 */
export async function meet(
  key: string,
  { store, directory, platform, looked }: Around,
  isKnownInKv: (version: number) => boolean = () => false,
): Promise<void> {
  const known = store.head(key);
  if (known === undefined) {
    const standing = await platform.ledger(key);
    if (standing !== undefined) directory.learn(standing);
    if (standing !== undefined && isKnownInKv(standing.version)) return looked(key, known);
  }
  const before = store.head(key);
  const inKv = await platform.read(key);
  const after = store.head(key);
  // What came in meanwhile is newer than what was read, or says that KV is not to be believed.
  if (
    after?.version === before?.version &&
    after?.at === before?.at &&
    after?.putAt === before?.putAt
  )
    directory.look(key, inKv, platform.now());
  looked(key, known);
}
