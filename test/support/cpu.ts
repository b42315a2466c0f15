/** CPU time (ms) of some work: what other processes do on a busy machine is no part of it. */
function cpuMs(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** A slow machine is judged by an eighth of the work. All of it may take three times as long as eight such: what grows with the square takes eight times as long. */
const PART = 8;
const MAX_GROWTH = 3;

/** Where neither is disturbed within so many runs, the machine has time for nothing. */
const RUNS = 3;

/**
 * The least CPU time of some work of a size, and how much it may take: `enoughMs` on any machine, and on one that is too
 * slow for that as much as its time for an eighth of the size allows. That is measured where it is needed, in turns with the whole.
 */
export function measured(
  size: number,
  workOf: (size: number) => () => unknown,
  enoughMs: number,
): { readonly leastMs: number; readonly maxMs: number } {
  const whole = workOf(size);
  let leastMs = cpuMs(whole);
  if (leastMs < enoughMs) return { leastMs, maxMs: enoughMs };
  const part = workOf(size / PART);
  let partMs = Number.POSITIVE_INFINITY;
  for (let run = 0; run < RUNS; run += 1) {
    partMs = Math.min(partMs, cpuMs(part));
    leastMs = Math.min(leastMs, cpuMs(whole));
  }
  return { leastMs, maxMs: Math.max(enoughMs, partMs * PART * MAX_GROWTH) };
}
