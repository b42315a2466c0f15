import { medianInterval, paired, showInterval, type Interval } from "./interval.ts";
import type { Running } from "./line.ts";
import { quantile, table } from "./report.ts";
import type { Code } from "./subjects.ts";

/** What one line took, and over others round by round. */
export interface Cost {
  readonly name: string;
  readonly cpuMicroseconds: Interval;
  readonly overFloor: Interval;
  readonly overSameDuty: Interval;
  readonly overPair: Interval;
  readonly perSecond: number;
  readonly kvReadsPerMillion: number;
  readonly residentMib: number;
  readonly cpuByRound: readonly number[];
}

const MIB = 2 ** 20;
const MILLION = 1e6;

/** The cost of each line that has run. */
export function costsOf(all: readonly Running[]): Cost[] {
  const byCode = (code: Code) => all.find(({ subject }) => subject.code === code)?.cpu ?? [];
  const byName = (name?: string) => all.find(({ subject }) => subject.name === name)?.cpu ?? [];
  return all.map(({ subject, cpu, perSecond, kvReads, asked, worker }) => {
    const over = (base: readonly number[]) => medianInterval(paired(cpu, base));
    return {
      name: subject.name,
      cpuMicroseconds: medianInterval(cpu),
      overFloor: over(byCode("floor")),
      overSameDuty: over(byCode("same-duty")),
      overPair: over(byName(subject.over)),
      perSecond: quantile(perSecond, 0.5),
      kvReadsPerMillion: (kvReads / asked) * MILLION,
      residentMib: worker.memory() / MIB,
      cpuByRound: cpu,
    };
  });
}

/** One line's CPU over another's, round by round; of NaN where one of them has not run. */
export function ratioOf(costs: readonly Cost[], name: string, base: string): Interval {
  const of = (wanted: string) => costs.find((one) => one.name === wanted)?.cpuByRound ?? [];
  return medianInterval(paired(of(name), of(base)));
}

/** The costs as a table. */
export function showCosts(costs: readonly Cost[]): string {
  return table(
    [
      "Worker",
      "CPU µs/request",
      "× floor",
      "× same duty",
      "× its pair",
      "req/s",
      "KV reads per million",
      "resident MiB",
    ],
    costs.map((cost) => [
      cost.name,
      showInterval(cost.cpuMicroseconds, 0),
      showInterval(cost.overFloor, 2),
      showInterval(cost.overSameDuty, 2),
      showInterval(cost.overPair, 3),
      cost.perSecond.toFixed(0),
      cost.kvReadsPerMillion.toFixed(0),
      cost.residentMib.toFixed(0),
    ]),
  );
}
