/** `npm run bench:micro`: the parts of a request's way that are the gateway's own, one by one, on Node. */
import { availableParallelism, cpus } from "node:os";
import { parseArgs } from "node:util";
import { Bench } from "tinybench";
import { parts, sizes, type Part } from "./micro-subjects.ts";
import { table } from "./report.ts";

/** Calls in one sample: a clock reading costs as much as a decision does. */
const BATCH = 1024;

/** CPU time of this process (ms), collector and compiler included; what else the machine does does not lengthen it. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

const { values: options } = parseArgs({
  options: { quick: { type: "boolean", default: false } },
});
const time = options.quick ? 100 : 500;

interface Row {
  readonly part: Part;
  /** µs of one call; the least is what a quiet machine is nearest to. */
  readonly least: number;
  readonly middle: number;
  readonly high: number;
}

async function measure(part: Part, batch: number): Promise<Row> {
  const bench = new Bench({
    time,
    warmupTime: time / 2,
    iterations: 8,
    warmupIterations: 4,
    now: cpuMs,
  });
  let turn = 0;
  let sum = 0;
  bench.add(part.name, () => {
    for (let index = 0; index < batch; index += 1) {
      sum += part.run(turn);
      turn += 1;
    }
  });
  const [task] = await bench.run();
  if (task?.result.state !== "completed" || Number.isNaN(sum))
    throw new Error(`${part.name} was not measured`);
  const { min, p50, p75 } = task.result.latency;
  const micro = (ms: number) => (ms * 1000) / batch;
  return { part, least: micro(min), middle: micro(p50), high: micro(p75) };
}

const rows: Row[] = [];
for (const part of parts()) rows.push(await measure(part, BATCH));
for (const part of sizes()) rows.push(await measure(part, 1));

const show = (micro: number) => (micro < 10 ? micro.toFixed(3) : micro.toFixed(0));
const cells = rows.map(({ part, least, middle, high }) => [
  part.name,
  show(least),
  show(middle),
  show(high),
  part.bar === undefined ? "" : `≤ ${part.bar}`,
  part.bar === undefined ? "" : middle <= part.bar ? "holds" : "does not hold",
]);
console.log(
  `${cpus()[0]?.model ?? "unknown"}, ${availableParallelism()} cores, Node ${process.version}; CPU time, batches of ${BATCH} calls\n\n${table(["Part", "least µs", "median µs", "3rd quartile", "bar", ""], cells)}`,
);
