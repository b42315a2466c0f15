import { table } from "../../bench/report.ts";
import type { Times } from "../../../src/stats/guard/times.ts";
import { machines, oneVisitor } from "./alone.ts";
import { dropInError, dropped } from "./checkout.ts";
import { atHalf, HEALTHY, inError, keeps, MAX_ERROR, WINDOWS, type ErrorProof } from "./error.ts";
import { CANARIES, found } from "./found.ts";
import { CONTROLS, slowDays, slowed } from "./slow.ts";

/** Lines beside the first two, and those that take longer, have a part of the roll-outs. */
const FEWER = 5;
const FEW = 10;
const FEWEST = 20;

const percent = (share: number) => `${(share * 100).toFixed(2)} %`;

const told = (time: number | null) => (time === null ? "never" : String(Math.round(time)));

const cells = ({ median, p99, never }: Times): string[] => [
  told(median),
  told(p99),
  percent(never),
];

/** All that is healthy, or somebody's alone, and should be left as it is. */
function errors(runs: number, seed: number): ErrorProof[] {
  const part = (of: number) => Math.ceil(runs / of);
  return [
    ...HEALTHY.map((one) => inError(one, one.isBesideRequests === true ? runs : part(FEWER), seed)),
    ...WINDOWS.map((visitors) => atHalf(visitors, part(2), seed)),
    dropInError(0, runs, seed),
    dropInError(0.05, runs, seed),
    slowDays(part(FEW), seed),
    oneVisitor(),
    machines(1, runs),
    machines(9, runs),
  ];
}

const errorRow = (proof: ErrorProof): string[] => [
  proof.name,
  String(proof.runs),
  `${percent(proof.acted / proof.runs)}${keeps(proof) ? "" : " !"}`,
  proof.byRequest === undefined ? "" : percent(proof.byRequest / proof.runs),
  keeps(proof) ? "as claimed" : "BROKEN",
];

function showFound(runs: number, seed: number): boolean {
  const rows = CANARIES.map((scene) => found(scene, runs, seed));
  const names = ["guard", "flagger", "argo", "byRequest"] as const;
  console.log(
    `\nreports of 5 s until something acts, within a day; 300 visitors a minute, 10 % of them on the canary; ${runs} roll-outs each`,
  );
  const rules = names.flatMap((name) => [`${name}: median`, "p99", "never"]);
  console.log(
    table(
      ["canary against control", ...rules],
      rows.map((row) => [row.name, ...names.flatMap((name) => cells(row.rules[name]))]),
    ),
  );
  return rows.slice(0, -1).every(({ rules: { guard } }) => guard.never === 0);
}

function showOthers(runs: number, seed: number): boolean {
  const lost = [1, 0.5, 0.2].map((share) => ({ share, times: dropped(share, runs, seed) }));
  console.log(
    `\nvisitors until goal.maxDrop 5 % acts, of 100 000; 5 % convert, 10 % are on the canary; ${runs} roll-outs each`,
  );
  console.log(
    table(
      ["conversions lost", "median", "p99", "never"],
      lost.map(({ share, times }) => [percent(share), ...cells(times)]),
    ),
  );
  const slow = CONTROLS.flatMap((p95) =>
    [1.25, 1.5, 2].map((by) => ({ p95, by, times: slowed(p95, by, runs, seed) })),
  );
  console.log(
    `\nwindows until latency.maxIncrease 25 % at p95 acts, within a day of 288; 4 500 and 1 500 visitors each; ${runs} days each`,
  );
  console.log(
    table(
      ["control's p95", "canary's", "median", "p99", "never"],
      slow.map(({ p95, by, times }) => [`${p95} ms`, `× ${by}`, ...cells(times)]),
    ),
  );
  const isFound = slow.every(({ by, times }) => by < 1.5 || times.never === 0);
  return lost.slice(0, 2).every(({ times }) => times.never === 0) && isFound;
}

/** Prints what guards are proven to do, and says whether all of it is as claimed. */
export function showGuards(runs: number, seed: number): boolean {
  console.log(
    `\nguards: how often what is healthy is acted on; limit ${percent(MAX_ERROR)}, "!" is beyond it by more than chance; seed ${seed}`,
  );
  const proofs = errors(runs, seed);
  console.log(
    table(["what", "runs", "acted on in error", "by request", "outcome"], proofs.map(errorRow)),
  );
  const isFound = showFound(Math.ceil(runs / FEW), seed);
  const isOther = showOthers(Math.ceil(runs / FEWEST), seed);
  return proofs.every(keeps) && isFound && isOther;
}
