import { quantile, table } from "../report.ts";
import { simulateChange, type ChangeInput, type ChangeResult } from "./change.ts";
import { billOf } from "./prices.ts";

const USUAL: ChangeInput = {
  isolates: 1000,
  rate: 1,
  kv: "up",
  kvLateSeconds: 60,
  hub: "up",
  hubRoundTripMs: 100,
  warmUpSeconds: 60,
  seconds: 200,
};

const ALONE = { hub: "absent" } as const;

const RATES = [1, 0.1, 0.01];

/** The old design, which KV alone is, beside the new one. */
const PAIRS: readonly Partial<ChangeInput>[] = [
  ...RATES.map((rate) => ({ rate })),
  { rate: 0.1, kvLateSeconds: 120, seconds: 260 },
  { rate: 0.1, kv: "lying" },
  { rate: 0.1, kv: "hanging" },
  { rate: 0.1, kv: "down" },
];

/** What only the new one has. */
const HUBS: readonly Partial<ChangeInput>[] = [
  { rate: 0.1, hubRoundTripMs: 20 },
  { rate: 0.1, hubRoundTripMs: 250 },
  { rate: 0.1, hubRoundTripMs: 250, freshWaitMs: 300 },
  { rate: 0.1, reportIntervalMs: 60_000, warmUpSeconds: 130 },
  { rate: 0.1, hub: "hanging" },
];

/** Ten thousand isolates on one route are told to report every 20 s; 25 requests a second in each of 2 000 are 50 000. */
const LARGE: readonly Partial<ChangeInput>[] = [
  { rate: 1, isolates: 10_000, seconds: 30, warmUpSeconds: 150 },
  { rate: 0.1, isolates: 10_000, seconds: 60 },
  { rate: 0.01, isolates: 10_000, seconds: 60 },
  { rate: 25, isolates: 2000, seconds: 15, warmUpSeconds: 15 },
];

/** All fleets of the table, in its order; `quick` are small ones, in the same states. */
function changeInputs(quick: boolean): ChangeInput[] {
  const pairs = PAIRS.flatMap((input) => [{ ...input, ...ALONE }, input]);
  const inputs = [...pairs, ...HUBS, ...(quick ? [] : LARGE)];
  return inputs.map((input) => ({ ...USUAL, ...(quick ? { isolates: 50 } : {}), ...input }));
}

/** From which second after the change on the share of old answers stays at or below `share`; Infinity where it never does. */
export function secondsUntil({ bySecond }: ChangeResult, share: number): number {
  const last = bySecond.findLastIndex(
    ({ requests, old }) => requests > 0 && old / requests > share,
  );
  const asked = bySecond.findLastIndex(({ requests }) => requests > 0);
  return last === asked ? Infinity : last + 1;
}

const number = (value: number, digits = 0) =>
  value === Infinity ? "never" : Number.isNaN(value) ? "" : value.toFixed(digits);

/** An infinite value sorts last, and is not a number to draw a line to. */
function quantileOf(values: readonly number[], p: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * p) - 1)] ?? Number.NaN;
}

const SHARES = [0.5, 0.1, 0.01, 0];

function cellsOf(input: ChangeInput, result: ChangeResult): string[] {
  const kv = input.kv === "up" ? `${input.kvLateSeconds} s late` : input.kv;
  const { hubRoundTripMs, freshWaitMs, reportIntervalMs } = input;
  const hub = [
    input.hub === "up" ? `${hubRoundTripMs} ms` : input.hub,
    ...(freshWaitMs === undefined ? [] : [`waited for ${freshWaitMs} ms`]),
    ...(reportIntervalMs === undefined ? [] : [`every ${reportIntervalMs / 1000} s`]),
  ].join(", ");
  const isHub = input.hub !== "absent";
  const bill = billOf({
    requests: input.isolates * input.rate,
    kvKeys: result.kvKeysPerSecond,
    hubCalls: result.hubCallsPerSecond,
    objectsAwake: isHub ? 1 : 0,
    // Every ten seconds a row of counts, and one of sequences.
    rowsWritten: isHub ? 0.2 : 0,
  });
  const waited = (result.waitedMs.length / result.requests) * 100;
  return [
    `${input.isolates} × ${input.rate}/s`,
    kv,
    hub,
    SHARES.map((share) => number(secondsUntil(result, share))).join(" / "),
    SHARES.map((share) => number(quantileOf(result.isolates, 1 - share))).join(" / "),
    `${number(waited, 1)} %: ${number(quantile(result.waitedMs, 0.5))} / ${number(quantile(result.waitedMs, 0.99))}`,
    String(result.wentBack),
    number(result.hubCallsPerSecond, 1),
    number(result.kvKeysPerSecond, 1),
    `$${number(bill.kv + bill.hub, 2)}`,
  ];
}

const HEAD = [
  "isolates × rate",
  "KV",
  "hub",
  "s until ≤ 50 / 10 / 1 / 0 % of requests old",
  "s until 50 / 90 / 99 / 100 % of isolates new",
  "waited: share, ms 50 / 99 %",
  "old after new",
  "hub calls/s",
  "KV keys/s",
  "KV and hub a month",
];

/** One change of one route in each fleet, as a table. */
export async function changesTable(quick: boolean): Promise<string> {
  const rows: string[][] = [];
  for (const input of changeInputs(quick)) {
    process.stderr.write(`${input.isolates} × ${input.rate}/s, KV ${input.kv}, hub ${input.hub}\n`);
    rows.push(cellsOf(input, await simulateChange(input)));
  }
  return `One route, changed once; ${USUAL.warmUpSeconds} s before and ${USUAL.seconds} s after. Clocks differ by ±2 s. Without a hub it is the design before, and what KV alone gives.\n\n${table(HEAD, rows)}`;
}
