/** `npm run bench`: what a request costs, beside what people would use instead. See docs/performance.md. */
import { mkdir, writeFile } from "node:fs/promises";
import { availableParallelism, cpus } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { CONNECTIONS, ROUND, round, start, stop, type Running } from "./line.ts";
import { metrics } from "./metrics.ts";
import { limits } from "./limits.ts";
import { isInstalled } from "./native.ts";
import { startPeers } from "./peers-client.ts";
import { quantile, ratios, showSpread, spread, table } from "./report.ts";
import { subjects, type Code } from "./subjects.ts";

const { values: options } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    rounds: { type: "string" },
    /** Only lines whose name contains one of these, and always the floor and the same-duty Worker. */
    only: { type: "string", multiple: true },
    /** What counting costs, in place of all lines. */
    metrics: { type: "boolean", default: false },
  },
});
const rounds = Number(options.rounds ?? (options.quick ? 4 : 15));
const warmUp = options.quick ? 5000 : 20_000;

/** What other processes do to the caches only ever adds, so a line's lower quartile is nearer to its own cost. */
const QUIET = 0.25;

function rowsOf(all: readonly Running[]) {
  const base = (code: Code) => all.find(({ subject }) => subject.code === code);
  const quiet = (code: Code) => quantile(base(code)?.slices ?? [], QUIET);
  return all.map(({ subject, cpu, slices, perSecond, kvReads, asked, worker }) => ({
    name: subject.name,
    cpuByRound: cpu,
    cpuMicroseconds: spread(cpu),
    overFloor: ratios(cpu, base("floor")?.cpu ?? []),
    overSameDuty: ratios(cpu, base("same-duty")?.cpu ?? []),
    quietOverFloor: quantile(slices, QUIET) / quiet("floor"),
    quietOverSameDuty: quantile(slices, QUIET) / quiet("same-duty"),
    over: subject.over ?? "",
    overThat: ratios(cpu, all.find((other) => other.subject.name === subject.over)?.cpu ?? []),
    perSecond: spread(perSecond),
    perSecondOverExample: ratios(perSecond, base("kv-example")?.perSecond ?? []),
    kvReadsPerMillion: (kvReads / asked) * 1e6,
    residentMiB: worker.memory() / 2 ** 20,
  }));
}

function show(rows: ReturnType<typeof rowsOf>): string {
  const quiet = (value: number) => value.toFixed(2);
  return table(
    [
      "Worker",
      "CPU µs/request",
      "× floor",
      "quiet",
      "× same duty",
      "quiet",
      "× its pair",
      "req/s",
      "× example",
      "KV reads per million",
    ],
    rows.map((row) => [
      row.name,
      showSpread(row.cpuMicroseconds, 0),
      showSpread(row.overFloor, 2),
      quiet(row.quietOverFloor),
      showSpread(row.overSameDuty, 2),
      quiet(row.quietOverSameDuty),
      showSpread(row.overThat, 2),
      row.perSecond.median.toFixed(0),
      showSpread(row.perSecondOverExample, 2),
      row.kvReadsPerMillion.toFixed(0),
    ]),
  );
}

const NOT_MEASURED = `Not measured: TLS, HTTP/2 and the network; request bodies, large bodies and WebSockets; Cloudflare's own edge, whose
KV answers from a cache of its own and over other means than loopback HTTP.`;

/** Progress, apart from the table. */
const say = (line: string) => process.stderr.write(`${line}\n`);

async function main(): Promise<void> {
  const peers = await startPeers();
  if (options.metrics) {
    try {
      console.log(await metrics(peers, rounds, warmUp, say));
    } finally {
      peers.close();
    }
    return;
  }
  const all: Running[] = [];
  try {
    const known = subjects(`http://127.0.0.1:${peers.origin}`);
    const missing = (["nginx", "haproxy"] as const).filter((name) => !isInstalled(name));
    const wanted = known.filter(
      ({ name, code }) =>
        !missing.some((one) => one === code) &&
        (options.only?.some((part) => name.includes(part)) !== false ||
          code === "floor" ||
          code === "same-duty"),
    );
    for (const subject of wanted) {
      say(`warming up: ${subject.name}`);
      all.push(await start(subject, peers, warmUp));
    }
    for (let index = 0; index < rounds; index += 1) {
      say(`round ${index + 1} of ${rounds}`);
      await round(all, peers);
    }
    const machine = `${cpus()[0]?.model ?? "unknown"}, ${availableParallelism()} cores, Node ${process.version}`;
    const rows = rowsOf(all);
    console.log(
      `${machine}\n${rounds} rounds of ${ROUND} requests a line over ${CONNECTIONS} connections: medians and (quartiles) of rounds; a ratio is taken within its round; quiet: the same ratio of the quietest quarter of slices, with least of what else the machine did and of garbage collection\n\n${show(rows)}\n`,
    );
    for (const running of all.splice(0)) await stop(running);
    if (options.only === undefined) {
      say("size, start-up, memory");
      console.log(`${await limits(known, peers, options.quick ? 5 : 15)}\n`);
    }
    console.log(NOT_MEASURED);
    if (missing.length > 0) console.log(`Not installed, so not measured: ${missing.join(", ")}.`);
    const folder = fileURLToPath(new URL("../../dist/", import.meta.url));
    await mkdir(folder, { recursive: true });
    const json = { machine, rounds, requestsPerRound: ROUND, connections: CONNECTIONS, rows };
    await writeFile(join(folder, "bench.json"), `${JSON.stringify(json, null, 2)}\n`);
  } finally {
    for (const running of all) await stop(running);
    peers.close();
  }
}

await main();
