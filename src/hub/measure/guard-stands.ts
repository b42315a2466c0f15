import type { GuardStatus, GuardTotals } from "../../report/answers.ts";

/** Where guards stand, for whoever tells of splits. */
export interface GuardStands {
  /** The guard of a split; null where it has none. */
  readonly of: (key: string, experiment: string) => GuardStatus | null;
  /** Those of a route. */
  readonly ofRoute: (key: string) => readonly GuardTotals[];
}
