import type { Result } from "../lib/result.ts";
import type { Republish, Republished } from "./core.ts";
import type { Committed, Edit, EditError, Previewed, Proposal } from "./edit-types.ts";
import type { AuditEntry, Page, Pair, Status, Version, WantedPair } from "./types.ts";

/** All that may be asked of a route's ledger, by data and for data. */
export interface LedgerCalls {
  /** Where the route stands. What KV has is left out where it does not say so in time. */
  readonly status: (key: string) => Promise<Status>;
  /** Plans, judges, stores and publishes an edit, in one call; or changes nothing. */
  readonly edit: (edit: Edit) => Promise<Result<Committed, EditError>>;
  /** What an edit would do. */
  readonly preview: (proposal: Proposal) => Promise<Result<Previewed, EditError>>;
  /** Puts the newest version to KV over whatever is there. */
  readonly republish: (order: Republish) => Promise<Result<Republished, EditError>>;
  /** Writes down what changed no policy; nothing where the route never had one. */
  readonly note: (entry: Pick<AuditEntry, "actor" | "action" | "note" | "detail">) => Promise<void>;
  /** The newest version. Asks KV nothing. */
  readonly latest: () => Promise<Version | undefined>;
  readonly version: (version: number) => Promise<Version | undefined>;
  /** Two versions to compare; `undefined` where the route never had one. */
  readonly pair: (wanted: WantedPair) => Promise<Pair | undefined>;
  /** Versions below `before`, newest first, without their texts. */
  readonly versions: (before: number, limit: number) => Promise<Page<Version>>;
  /** Entries of the audit log below `before`, newest first. */
  readonly audit: (before: number, limit: number) => Promise<Page<AuditEntry>>;
}

/** The ledger of a route. */
export function ledgerOf(ledgers: DurableObjectNamespace, key: string): LedgerCalls {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the types of RPC turn what holds an `unknown`, as a policy's values are, into `never`
  return ledgers.getByName(key) as unknown as LedgerCalls;
}
