/** Waits so long (ms), unless it is called off. */
type Sleep = (ms: number, signal: AbortSignal) => Promise<unknown>;

/** What a call comes to; rejects where that takes longer than so long (ms), naming who did not answer: one call that hangs holds up no later one. */
export async function inTime<T>(
  called: Promise<T>,
  ms: number,
  who: string,
  { sleep }: { readonly sleep: Sleep },
): Promise<T> {
  const answered = new AbortController();
  const late = sleep(ms, answered.signal).then(
    () => Promise.reject(new Error(`${who} did not answer within ${ms} ms`)),
    () => new Promise<never>(() => {}),
  );
  try {
    return await Promise.race([called, late]);
  } finally {
    answered.abort();
  }
}
