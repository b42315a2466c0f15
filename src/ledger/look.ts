import { EMERGENCY_KV_MS } from "./emergency.ts";
import type { Outbox } from "./outbox.ts";
import type { LedgerPlatform } from "./platform.ts";
import type { Drift } from "./types.ts";

/** What KV was seen to have. */
export interface Look {
  /** What somebody else wrote there; `undefined` where nobody did, or where it is not known. */
  readonly drift: Drift | undefined;
  /** Whether KV answered in time. */
  readonly inTime: boolean;
  /** The number that stands beside KV's value, this ledger's or that of one that was lost. */
  readonly number?: number | undefined;
}

const NOTHING: Look = { drift: undefined, inTime: false };

/** Looks for a value that somebody else wrote to KV, for {@link EMERGENCY_KV_MS} at most. Never rejects. */
export async function look(
  { sleep, log }: LedgerPlatform,
  outbox: Outbox,
  key: string,
): Promise<Look> {
  const late = new AbortController();
  const tooLate = sleep(EMERGENCY_KV_MS, late.signal).then(
    () => NOTHING,
    () => NOTHING,
  );
  const seen = outbox.look(key).then(
    (found): Look => ({ ...found, inTime: true }),
    (error: unknown) => {
      log("error", "KV cannot be read to look for drift", { route: key, error: String(error) });
      return NOTHING;
    },
  );
  const first = await Promise.race([seen, tooLate]);
  late.abort();
  return first;
}
