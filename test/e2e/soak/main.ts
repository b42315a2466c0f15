/** `npm run soak`: half load for half an hour while everything changes and fails; `-- --seconds 30` for a short one. */
import { parseArgs } from "node:util";
import { soak } from "./run.ts";
import { growthOf, quartersOf, MAX_GROWTH_MB, LEAST_SECONDS, type Memory } from "./memory.ts";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "1800" },
    seed: { type: "string", default: String(Date.now() % 1e9) },
  },
});
const [seconds, seed] = [Number(values.seconds), Number(values.seed)];
console.log(`seed ${seed}: npm run soak -- --seconds ${seconds} --seed ${seed}`);
const { answers, ended, rate, done, unstored, origins, counted, memory } = await soak(
  seconds,
  seed,
);

const listed = (all: ReadonlyMap<string | number, number>) =>
  [...all].map(([name, count]) => `${name}: ${count}`).join("; ");
const sum = (by: Readonly<Record<string, number>>) =>
  Object.values(by).reduce((all, n) => all + n, 0);
/** Nothing counted twice, and no more at an origin than was answered for it: one that hangs may have been given up before it was reached. */
const isOnce = Object.entries(ended).every(([name]) => {
  const all = answers.byVariant[name] ?? 0;
  return (counted[name] ?? 0) <= all && (origins[name] ?? 0) <= all;
});
/** A hub that ends loses what it has not stored, and nothing else. */
const missing = Math.max(0, sum(ended) - sum(counted));
const isRight = isOnce && missing <= unstored;
const growth = growthOf(memory);
/** Each quarter's least, and a dash for one of a short run in which nothing was measured. */
const quarters = (part: keyof Memory[number]) =>
  quartersOf(memory, part)
    .map((megabytes) => (Number.isFinite(megabytes) ? megabytes.toFixed(1) : "–"))
    .join(", ");
console.log(`${answers.asked} visits, ${rate.toFixed(0)} a second; by status ${listed(answers.byStatus)}
done: ${listed(done)}
answered by variant ${JSON.stringify(ended)}, at the origins ${JSON.stringify(origins)}, in the metrics ${JSON.stringify(counted)}
missing in the metrics: ${missing}; told to the hub and not stored when it was restarted: at most ${unstored}
heap in use, the least of each quarter: ${quarters("heap")} MB; from the second to the last ${growth.toFixed(1)} MB (at most ${MAX_GROWTH_MB})${seconds < LEAST_SECONDS ? "; too short to judge" : ""}
resident memory of its process, all that plays the platform included: ${quarters("resident")} MB
wrong answers: ${answers.faults.length}`);
for (const fault of answers.faults.slice(0, 20)) console.log(`  ${fault}`);
const hasGrown = seconds >= LEAST_SECONDS && growth > MAX_GROWTH_MB;
if (answers.faults.length > 0 || !isRight || hasGrown) process.exitCode = 1;
