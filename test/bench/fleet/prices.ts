/**
 * Dollars, Workers paid plan, beyond what is included, as of 28 November 2026: the pricing pages of Workers, KV and
 * Durable Objects (developers.cloudflare.com, …/platform/pricing).
 */
export const PRICES = {
  perMillionRequests: 0.3,
  perMillionKeysRead: 0.5,
  perMillionObjectRequests: 0.15,
  perMillionGigabyteSeconds: 12.5,
  perMillionRowsWritten: 1,
} as const;

/** An object is billed as so much memory (GB) for as long as it is awake. */
const OBJECT_GIGABYTES = 0.128;

export const SECONDS_A_MONTH = 2_628_000;

/** What a fleet uses in a second. */
export interface Usage {
  readonly requests: number;
  readonly kvKeys: number;
  readonly hubCalls: number;
  /** Objects that are awake at a time. */
  readonly objectsAwake: number;
  readonly rowsWritten: number;
}

/** What each part of it costs in a month. */
export interface Bill {
  readonly requests: number;
  readonly kv: number;
  readonly hub: number;
  readonly total: number;
}

/** The month's bill of a fleet that goes on like this. CPU time and included amounts are left out. */
export function billOf({ requests, kvKeys, hubCalls, objectsAwake, rowsWritten }: Usage): Bill {
  const millions = (perSecond: number) => (perSecond * SECONDS_A_MONTH) / 1e6;
  const bill = {
    requests: millions(requests) * PRICES.perMillionRequests,
    kv: millions(kvKeys) * PRICES.perMillionKeysRead,
    hub:
      millions(hubCalls) * PRICES.perMillionObjectRequests +
      millions(objectsAwake * OBJECT_GIGABYTES) * PRICES.perMillionGigabyteSeconds +
      millions(rowsWritten) * PRICES.perMillionRowsWritten,
  };
  return { ...bill, total: bill.requests + bill.kv + bill.hub };
}
