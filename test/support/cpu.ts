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

/** A fixed piece of what a decision does: expressions that are tried and names that are looked up. */
const EXPRESSIONS = Array.from(
  { length: 1000 },
  (_, index) => new RegExp(`^(?:v${index}\\.[0-9]{1,3}|w[0-9]{1,4}-${index})$`, "u"),
);
const NAMES = new Map(EXPRESSIONS.map((_, index) => [`x-${index}`, index]));

function reference(): void {
  const found = EXPRESSIONS.filter((expression) => expression.test("android-pixel-x")).length;
  const known = EXPRESSIONS.filter((_, index) => NAMES.get(`x-${index}`) === index).length;
  if (found !== 0 || known !== EXPRESSIONS.length) throw new Error("the reference does less work");
}

/** What it takes (ms of CPU) on a server's core of 2.4 GHz that does nothing else. */
const REFERENCE_MS = 0.2;

/** So often is it done: the first times compile it, and other work on the machine only adds. */
const REFERENCE_RUNS = 100;

/**
 * How many times as long as on the machine that bars are set on a fixed piece of work takes here and now, 1 at least: a
 * bar that promises a cost times this holds on a machine that is slow, or busy, too.
 */
export function slowness(): number {
  let leastMs = Number.POSITIVE_INFINITY;
  for (let run = 0; run < REFERENCE_RUNS; run += 1) leastMs = Math.min(leastMs, cpuMs(reference));
  return Math.max(1, leastMs / REFERENCE_MS);
}
