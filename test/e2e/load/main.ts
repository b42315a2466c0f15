import { parseArgs } from "node:util";
import { figures, growthMb, MAX_GROWTH_MB } from "./figures.ts";
import { runLoad } from "./run.ts";

/** After so many requests workerd's memory has its level. */
const WARM_UP = 30_000;

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "180" },
    seed: { type: "string", default: "1" },
  },
});
const report = await runLoad({
  seconds: Number(values.seconds),
  seed: Number(values.seed),
  warmUp: WARM_UP,
});
for (const line of figures(report)) console.log(line);
if (report.faults.length > 0 || growthMb(report) > MAX_GROWTH_MB) process.exitCode = 1;
