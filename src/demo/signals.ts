const STOP_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
/** Past this a stop that hangs is cut short: nobody waits longer for Ctrl-C. */
const STOP_DEADLINE_MS = 5_000;

/**
 * Runs `stop` at the first Ctrl-C (or SIGTERM, or a closed terminal) and exits with 0 after it,
 * with 1 when it fails or takes longer than its deadline of 5 s. Later signals change nothing:
 * at Ctrl-C the terminal sends one and npm passes on another. Gives back what does the same without
 * a signal.
 */
export function stopOnSignal(stop: () => Promise<void>): () => void {
  let stopping = false;
  const onSignal = async (): Promise<void> => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), STOP_DEADLINE_MS).unref();
    await stop();
    process.exit(0);
  };
  for (const signal of STOP_SIGNALS) {
    // Wrangler's own listeners exit with 130 before anything could be closed in order.
    process.removeAllListeners(signal);
    process.on(signal, () => void onSignal());
  }
  return () => void onSignal();
}
