/** What is left of a rate, and since when. */
export interface Bucket {
  readonly left: number;
  readonly at: number;
}

/** A full bucket. */
export const full = (burst: number, now: number): Bucket => ({ left: burst, at: now });

/** The bucket with what came in since, up to `burst`; a clock that goes back brings nothing. */
export function refilled(bucket: Bucket, perSecond: number, burst: number, now: number): Bucket {
  const seconds = Math.max(0, now - bucket.at) / 1000;
  return { left: Math.min(burst, bucket.left + seconds * perSecond), at: now };
}
