import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { medianInterval, type Interval } from "./interval.ts";

const CHILD = join(import.meta.dirname, "paired-decide.ts");
const ROOT = join(import.meta.dirname, "../..");

/** CPU of one decision of a subject of paired-subjects.ts (µs), in so many processes of its own. */
export async function decideCost(subject: string, processes: number): Promise<Interval> {
  const all: number[] = [];
  for (let run = 0; run < processes; run += 1) {
    const { stdout } = await promisify(execFile)(process.execPath, [CHILD, subject, ROOT]);
    all.push(...(JSON.parse(stdout) as number[]));
  }
  return medianInterval(all);
}
