import type { GuardStatus, GuardTotals } from "../../report/answers.ts";

/** Where guards stand, for whoever tells of splits. */
export interface GuardStands {
  /** The guard of a split; null where it has none. */
  readonly of: (key: string, experiment: string) => GuardStatus | null;
  /** Where the guards of a route's splits stand. */
  readonly ofRoute: (key: string) => readonly GuardTotals[];
}
