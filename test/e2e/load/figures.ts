import type { Report } from "./run.ts";

/**
 * Resident memory may end so far above what it was after a warm-up (MB). It includes what plays Cloudflare
 * around the Worker, and garbage that V8 sees no need to collect; heap.test.ts looks at the Worker alone, exactly.
 */
export const MAX_GROWTH_MB = 256;

const quantile = (sorted: readonly number[], share: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;

const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Growth of memory from the first quarter of a run to its last (MB). */
export function growthMb({ residentMb }: Report): number {
  const quarter = Math.floor(residentMb.length / 4);
  if (quarter === 0) return 0;
  return mean(residentMb.slice(-quarter)) - mean(residentMb.slice(0, quarter));
}

export const requestsOf = ({ kinds }: Report) =>
  [...kinds.values()].reduce((sum, { requests }) => sum + requests, 0);

const listed = (counts: ReadonlyMap<string, number>) =>
  [...counts]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, count]) => `${name}: ${count}`)
    .join("; ");

/** The report as lines to read. */
export function figures(report: Report): string[] {
  const { seconds, kinds, done, faults, residentMb } = report;
  const total = requestsOf(report);
  const lines = [
    `${total} requests in ${seconds.toFixed(1)} s, ${Math.round(total / seconds)}/s`,
    `done to origins and KV: ${listed(done)}`,
  ];
  for (const [name, { requests, answers, headMs }] of kinds) {
    const sorted = headMs.toSorted((a, b) => a - b);
    const [p50, p95, p99, most] = [0.5, 0.95, 0.99, 1].map((share) =>
      quantile(sorted, share).toFixed(0),
    );
    lines.push(
      `${name}: ${requests} requests; ${listed(answers)}`,
      `  ms to the head: p50 ${p50}, p95 ${p95}, p99 ${p99}, most ${most}`,
    );
  }
  if (residentMb.length > 0) {
    lines.push(
      `workerd's memory: ${residentMb[0]?.toFixed(0)} MB at first, ${residentMb.at(-1)?.toFixed(0)} MB at last, ` +
        `${Math.max(...residentMb).toFixed(0)} MB at most; growth from first to last quarter ${growthMb(report).toFixed(1)} MB`,
    );
  }
  lines.push(
    `promises broken: ${faults.length}`,
    ...faults.slice(0, 20).map((line) => `  ${line}`),
  );
  return lines;
}
