import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { BASE } from "../../../src/api/base.ts";
import { murmur3 } from "../../../src/lib/hash.ts";
import { parse } from "../../../src/policy/parse.ts";
import { arrivals } from "../../bench/open-loop.ts";
import { startKvFleet } from "../../support/failing-kv.ts";
import { seeded } from "../load/chaos.ts";
import { ownWorkerds } from "../load/memory.ts";
import { watchMemory, type Memory } from "./memory.ts";
import { startCounting } from "./origin.ts";
import { trouble, type Trouble } from "./trouble.ts";
import { capacityOf, KEY, SALT, visit, type Answers, type Edit } from "./visits.ts";

export interface Soak {
  readonly answers: Answers;
  readonly rate: number;
  readonly done: Trouble["done"];
  /** Requests that the hub may have lost by being restarted. */
  readonly unstored: number;
  /** Answers by variant when all that was sent under load had ended, requests that reached each origin, and those that the metrics tell of. */
  readonly ended: Readonly<Record<string, number>>;
  readonly origins: Readonly<Record<string, number>>;
  readonly counted: Readonly<Record<string, number>>;
  readonly memory: Memory;
}

const TOKEN = "a-token-of-the-soak";
const HALF = 0.5;
const CAPACITY_SECONDS = 3;

/** Until an origin's head (ms): one that hangs is met often. */
const TIMEOUT_MS = 500;

/** How long the last counts may be under way (ms): an isolate whose reports failed again and again tries once a minute. */
const SETTLE_MS = 300_000;
const LOOK_MS = 1000;

function apiOf(control: string) {
  return async (path: string, init: RequestInit = {}): Promise<unknown> => {
    const headers = { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" };
    const response = await fetch(`${control}${BASE}/${path}`, {
      ...init,
      headers: { ...headers, ...(init.headers as object) },
    });
    if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
    return response.json();
  };
}

/** Half of what the gateway can do, for so long, while texts change, KV, the hub and an origin fail, and the hub is restarted. */
export async function soak(seconds: number, seed: number): Promise<Soak> {
  const random = seeded(seed);
  const [stable, canary] = await Promise.all([startCounting(), startCounting()]);
  const token = { name: "soak", role: "write", scope: "*" };
  const sha256 = createHash("sha256").update(TOKEN).digest("hex");
  const fleet = await startKvFleet({
    policies: {},
    inspect: true,
    vars: { REPORT_INTERVAL_SECONDS: "1", MEMORY_TTL_SECONDS: "1" },
    secrets: { VISITOR_KEY: "00112233445566778899aabbccddeeff" },
    admin: { secrets: { ADMIN_TOKENS: JSON.stringify([{ ...token, sha256 }]) } },
  });
  const pid = ownWorkerds().at(-1);
  const api = apiOf(fleet.control.url);
  const edits: Edit[] = [];
  const edit = async (percent: number) => {
    const policy = {
      strategy: "canary",
      stable: stable.url,
      canary: canary.url,
      percent,
      salt: SALT,
      timeoutMs: TIMEOUT_MS,
      // Who is answered is who was asked, so that counts can be held against each other.
      rescue: false,
      sticky: { by: [{ header: "x-visitor" }] },
    };
    const match = edits.length === 0 ? { "if-none-match": "*" } : { "if-match": "*" };
    const stored = parse(JSON.stringify(policy), { allowPrivateOrigins: true });
    if (!stored.ok) throw new Error(JSON.stringify(stored.issues));
    // The ledger stores it so; an answer may come before that of the ledger.
    const name = murmur3(JSON.stringify(stored.policy, null, 2), 0)
      .toString(16)
      .padStart(8, "0");
    edits.push({ name, percent, at: Date.now() });
    const body = JSON.stringify({ policy });
    await api(`routes/${KEY}`, { method: "PUT", headers: match, body });
  };
  const counts = async () => {
    const { series } = (await api(`routes/${KEY}/metrics?window=3600&step=60`)) as {
      series: { variant: string; points: { requests: number }[] }[];
    };
    const of = (variant: string) =>
      series
        .filter((one) => one.variant === variant)
        .flatMap(({ points }) => points)
        .reduce((sum, { requests }) => sum + requests, 0);
    const told: Record<string, number> = { stable: of("stable"), canary: of("canary") };
    return told;
  };
  const answers: Answers = { asked: 0, byStatus: new Map(), byVariant: {}, faults: [] };
  const end = new AbortController();
  try {
    await edit(HALF * 100);
    const rate = HALF * (await capacityOf(fleet.port, edits, answers, CAPACITY_SECONDS));
    const watched = await watchMemory(await fleet.inspectorPort(), pid);
    const troubled = trouble({ fleet, canary, edit }, random, end.signal);
    const begun = Date.now();
    const under: Promise<void>[] = [];
    for (const due of arrivals(rate, seconds, random)) {
      const left = begun + due - Date.now();
      if (left > 0) await sleep(left);
      const one = visit(fleet.port, edits, answers).finally(() =>
        under.splice(under.indexOf(one), 1),
      );
      under.push(one);
    }
    end.abort();
    const { done, unstored } = await troubled;
    await Promise.all(under);
    const memory = watched();
    // What ended before must be told; what comes now only carries reports, and may be under way itself.
    const ended = { ...answers.byVariant };
    let counted = await counts();
    const sum = (by: Record<string, number>) => Object.values(by).reduce((all, n) => all + n, 0);
    const isTold = () => sum(counted) + unstored >= sum(ended);
    for (let waited = 0; waited < SETTLE_MS && !isTold(); waited += LOOK_MS) {
      await visit(fleet.port, edits, answers);
      await sleep(LOOK_MS);
      counted = await counts();
    }
    const origins = { stable: stable.count, canary: canary.count };
    return { answers, ended, rate, done, unstored, origins, counted, memory };
  } finally {
    end.abort();
    await fleet.close();
    await Promise.all([stable.close(), canary.close()]);
  }
}
