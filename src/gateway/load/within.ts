import type { Platform } from "../platform.ts";

/** What `work` comes to, or `undefined` where it takes longer than so long (ms). */
export async function within<T>(
  ms: number,
  work: Promise<T>,
  { sleep }: Platform,
): Promise<T | undefined> {
  const done = new AbortController();
  try {
    return await Promise.race([work, sleep(ms, done.signal).then(() => undefined)]);
  } finally {
    // Any reason will do: without one an error is made, with its stack, and nobody looks at it.
    done.abort(ms);
  }
}
