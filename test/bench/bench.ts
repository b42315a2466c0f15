/**
 * `npm run bench`: what a request costs, beside what people would use instead, in one run. See docs/performance.md.
 * What it prints is Markdown; `--write` puts it into that page.
 */
import { parseArgs } from "node:util";
import { setBefore } from "./code.ts";
import { shortName, unpack } from "./before.ts";
import { compare } from "./compare.ts";
import { countingLines } from "./counting.ts";
import { measureCold, showLeast } from "./cold.ts";
import { coldLines, FLOOR, SAME_DUTY } from "./contenders.ts";
import { costsOf, showCosts } from "./costs.ts";
import { limits } from "./limits.ts";
import { round, SLICES, start, stop, type Running } from "./line.ts";
import { isInstalled } from "./native.ts";
import { startPeers, type Peers } from "./peers-client.ts";
import { say } from "./say.ts";
import { subjects, type Subject } from "./subjects.ts";
import { head, leave } from "./written.ts";

const { values: options } = parseArgs({
  options: {
    /** Under three minutes on a quiet machine, and wider intervals. */
    quick: { type: "boolean", default: false },
    /** The commit that is built beside the present sources. */
    against: { type: "string", default: "HEAD~1" },
    rounds: { type: "string" },
    /** Only lines whose name contains one of these, and always the floor and the same-duty Worker. */
    only: { type: "string", multiple: true },
    /** Every strategy, or what counting costs, in place of the comparison. */
    strategies: { type: "boolean", default: false },
    counting: { type: "boolean", default: false },
    /** What a Worker that has just been started takes for its first answers, in place of the comparison. */
    cold: { type: "boolean", default: false },
    /** Puts what it prints into docs/performance.md. */
    write: { type: "boolean", default: false },
  },
});

const rounds = Number(options.rounds ?? (options.quick ? 12 : 30));
const warmUp = options.quick ? 2500 : 20_000;

const isMeasured = ({ name, code }: Subject): boolean =>
  ((code !== "nginx" && code !== "haproxy") || isInstalled(code)) &&
  (options.only?.some((part) => name.includes(part)) !== false ||
    name === FLOOR ||
    name === SAME_DUTY);

/** The cost of each line, and nothing else. */
async function costsAlone(wanted: readonly Subject[], peers: Peers): Promise<string> {
  const all: Running[] = [];
  try {
    for (const subject of wanted) {
      say(`warming up: ${subject.name}`);
      all.push(await start(subject, peers, warmUp));
    }
    for (let index = 0; index < rounds; index += 1) {
      say(`round ${index + 1} of ${rounds}`);
      await round(all, peers, SLICES);
    }
    return showCosts(costsOf(all));
  } finally {
    for (const running of all) await stop(running);
  }
}

const peers = await startPeers();
const origin = `http://127.0.0.1:${peers.origin}`;
try {
  if (options.cold) {
    const starts = await measureCold(coldLines(origin), peers, rounds);
    leave("cold", `${head("bench -- --cold", rounds)}\n\n${showLeast(starts)}`, options.write);
  } else if (options.counting || options.strategies) {
    const known = options.counting ? countingLines(origin) : subjects(origin);
    const table = await costsAlone(known.filter(isMeasured), peers);
    const memory = options.strategies ? `\n\n${await limits(known, peers)}` : "";
    const name = options.counting ? "counting" : "strategies";
    leave(name, `${head(`bench -- --${name}`, rounds)}\n\n${table}${memory}`, options.write);
  } else {
    setBefore(unpack(options.against));
    const commit = shortName(options.against);
    const sizes = options.quick ? ("quick" as const) : ("full" as const);
    const text = await compare(peers, isMeasured, { commit, rounds, warmUp, sizes });
    const flags = [options.quick ? "--quick" : "", `--against ${commit}`].join(" ").trim();
    leave("comparison", `${head(`bench -- ${flags}`, rounds)}\n\n${text}`, options.write);
  }
} finally {
  peers.close();
}
