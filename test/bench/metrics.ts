/** `npm run bench -- --metrics`: what counting costs a request, with everything on, beside the same gateway with nothing on. */
import { readKey } from "../../src/lib/siphash.ts";
import { idCheck } from "../../src/lib/visitor-digest.ts";
import { CONNECTIONS, ROUND, round, start, stop, type Running } from "./line.ts";
import type { Peers } from "./peers-client.ts";
import { quantile, ratios, showSpread, spread, table } from "./report.ts";
import { browserGet, HOST, visitorCookies } from "./requests.ts";
import type { Subject } from "./subjects.ts";

const KEY_TEXT = "000102030405060708090a0b0c0d0e0f";

/** What other processes do to the caches only ever adds, so a line's lower quartile is nearer to its own cost. */
const QUIET = 0.25;

/** Who comes back, and so many that an isolate remembers none of them. */
const REGULARS = 1000;
const CROWD = 40_000;

/** One request of so many reaches a goal. */
const GOAL_EVERY = 25;

/** Requests of visitors whose ids have good checks. */
function requestsOf(visitors: number): Buffer[] {
  const key = readKey(KEY_TEXT) ?? [];
  return visitorCookies(visitors).map((cookie, index) => {
    const [version = "", id = "", ...rest] = cookie.slice("sy=".length).split(".");
    const checked = `sy=${[version, id + idCheck(key, id), ...rest].join(".")}`;
    const path = index % GOAL_EVERY === 0 ? "/checkout/done" : "/store/products/42?ref=mail";
    return browserGet({ cookie: checked, path });
  });
}

function pairs(origin: string): Subject[] {
  const policy = {
    strategy: "weighted",
    variants: [
      { name: "control", origin, weight: 90 },
      { name: "treatment", origin, weight: 10 },
    ],
    goals: [
      { name: "purchase", match: { path: "/checkout/done" } },
      { name: "revenue", from: "origin", count: "every", cap: 500 },
    ],
  };
  const { goals: _, ...bare } = policy;
  const pair = (what: string, requests: readonly Buffer[]): Subject[] => {
    const off = `${what}, off`;
    const kv = (value: unknown) => new Map([[HOST, JSON.stringify(value)]]);
    return [
      { name: off, code: "switchyard", kv: kv(bare), requests },
      {
        name: `${what}, on`,
        code: "switchyard",
        kv: kv(policy),
        requests,
        vars: { VISITOR_KEY: KEY_TEXT },
        hub: true,
        over: off,
      },
    ];
  };
  return [
    ...pair("visitors who come back", requestsOf(REGULARS)),
    ...pair("a new visitor each time", requestsOf(CROWD)),
  ];
}

/** The table of one run: each line with counting on is held against its own with counting off, round by round. */
export async function metrics(
  peers: Peers,
  rounds: number,
  warmUp: number,
  say: (line: string) => void,
): Promise<string> {
  const all: Running[] = [];
  try {
    for (const subject of pairs(`http://127.0.0.1:${peers.origin}`)) {
      say(`warming up: ${subject.name}`);
      all.push(await start(subject, peers, warmUp));
    }
    for (let index = 0; index < rounds; index += 1) {
      say(`round ${index + 1} of ${rounds}`);
      await round(all, peers);
    }
    const rows = all.map(({ subject, cpu, slices, worker }) => {
      const off = all.find((other) => other.subject.name === subject.over);
      const quiet = quantile(slices, QUIET) / quantile(off?.slices ?? [], QUIET);
      return [
        subject.name,
        showSpread(spread(cpu), 1),
        showSpread(ratios(cpu, off?.cpu ?? []), 3),
        off === undefined ? "" : quiet.toFixed(3),
        (worker.memory() / 2 ** 20).toFixed(0),
      ];
    });
    const head = ["Counting", "CPU µs/request", "× off", "quiet", "resident MiB"];
    return `${rounds} rounds of ${ROUND} requests a line over ${CONNECTIONS} connections\n\n${table(head, rows)}`;
  } finally {
    for (const running of all) await stop(running);
  }
}
