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
  const seen = outbox.drift(key).then(
    (drift): Look => ({ drift, inTime: true }),
    (error: unknown) => {
      log("error", "KV cannot be read to look for drift", { route: key, error: String(error) });
      return NOTHING;
    },
  );
  const first = await Promise.race([seen, tooLate]);
  late.abort();
  return first;
}
