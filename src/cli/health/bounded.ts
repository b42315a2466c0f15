/** Does work that a signal can end, and ends it where it takes longer than so long (ms). */
export async function bounded<T>(
  ms: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(new Error(`no answer within ${ms / 1000} s`)), ms);
  try {
    return await work(late.signal);
  } finally {
    clearTimeout(timer);
  }
}
