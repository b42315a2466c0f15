import { setTimeout as sleep } from "node:timers/promises";
import { startFaulty } from "../../support/faulty.ts";
import { startKvGateway } from "../../support/failing-kv.ts";
import { see } from "../failures/seen.ts";
import { seeded, wreak, type Done } from "./chaos.ts";
import { ownWorkerds, residentMb } from "./memory.ts";
import { visitors } from "./pins.ts";
import { KINDS, policiesOf } from "./traffic.ts";
import { warmUp } from "./warm.ts";

/** Requests under way at a time. */
const CONCURRENCY = 12;

/** How often memory is looked at (ms). */
const SAMPLE_MS = 500;

/** What the gateway may log while all this goes on; anything else is a fault. */
const EXPECTED_LINES =
  /KV read failed|an origin is down|an origin answers again|the hub does not answer/;

export interface KindReport {
  requests: number;
  readonly answers: Map<string, number>;
  readonly headMs: number[];
}

export interface Report {
  readonly seconds: number;
  readonly kinds: ReadonlyMap<string, KindReport>;
  readonly done: Done;
  /** Broken promises, in words. */
  readonly faults: readonly string[];
  /** Resident memory of workerd (MB), a sample each SAMPLE_MS; empty where it cannot be read. */
  readonly residentMb: readonly number[];
}

const plus = (counts: Map<string, number>, name: string) =>
  counts.set(name, (counts.get(name) ?? 0) + 1);

export interface LoadOptions {
  readonly seconds: number;
  /** Of the plan of faults; which request meets which is up to the machine. */
  readonly seed: number;
  /** Requests ahead of all, so that memory has its level before it is watched. */
  readonly warmUp: number;
}

/** Mixed traffic for so many seconds, while origins die and return and KV fails, and what was seen of it. */
export async function runLoad({ seconds, seed, warmUp: warm }: LoadOptions): Promise<Report> {
  const random = seeded(seed);
  const [flakyCanary, flakyBlue, flakyOnly, flakyShadow, stable, spare] = await Promise.all([
    startFaulty("flaky-canary"),
    startFaulty("flaky-blue"),
    startFaulty("flaky-only"),
    startFaulty("flaky-shadow"),
    startFaulty("stable"),
    startFaulty("spare"),
  ]);
  const origins = { flakyCanary, flakyBlue, flakyOnly, flakyShadow, stable, spare };
  const others = new Set(ownWorkerds());
  const gateway = await startKvGateway({
    policies: policiesOf({
      flakyCanary: flakyCanary.url,
      flakyBlue: flakyBlue.url,
      flakyOnly: flakyOnly.url,
      flakyShadow: flakyShadow.url,
      stable: stable.url,
      spare: spare.url,
    }),
    vars: { MEMORY_TTL_SECONDS: "1", VISITOR_KEY: "000102030405060708090a0b0c0d0e0f" },
  });
  const pid = ownWorkerds().findLast((one) => !others.has(one));
  const kinds = new Map<string, KindReport>();
  const faults: string[] = [];
  const samples: number[] = [];
  const end = new AbortController();
  let n = 0;

  async function request(kind: (typeof KINDS)[number]): Promise<void> {
    const own = n++;
    const report: KindReport = kinds.get(kind.name) ?? {
      requests: 0,
      answers: new Map(),
      headMs: [],
    };
    kinds.set(kind.name, report);
    report.requests += 1;
    try {
      const seen = await see(gateway.url + kind.path(own), kind.options(own));
      report.headMs.push(seen.headMs);
      plus(report.answers, `${seen.answer}${seen.insteadOf === undefined ? "" : ", rescued"}`);
      const fault = kind.fault(seen, own);
      if (fault !== undefined) faults.push(`${kind.name}: ${fault}`);
    } catch (error) {
      faults.push(`${kind.name}: no answer at all, ${String(error)}`);
    }
  }
  async function client(offset: number): Promise<void> {
    for (let i = offset; !end.signal.aborted; i++) {
      const kind = KINDS[i % KINDS.length];
      if (kind !== undefined) await request(kind);
    }
  }
  async function sample(): Promise<void> {
    while (!end.signal.aborted) {
      const mb = residentMb(pid);
      if (mb !== undefined) samples.push(mb);
      await sleep(SAMPLE_MS);
    }
  }

  try {
    // Everything in memory before anything fails: what is not there is not promised.
    for (const kind of KINDS) await request(kind);
    await warmUp(gateway.url, warm);
    const pins = visitors(`${gateway.url}/pinned/`, faults);
    await pins.arrive();
    const begin = performance.now();
    const flaky = [flakyCanary, flakyBlue, flakyOnly, flakyShadow];
    const chaos = wreak(flaky, gateway, random, end.signal);
    const clients = Array.from({ length: CONCURRENCY }, (_, i) => client(i));
    const work = Promise.all([...clients, pins.stay(end.signal), sample()]);
    await sleep(seconds * 1000);
    end.abort();
    const [done] = await Promise.all([chaos, work]);
    for (const { level, message } of gateway.logs()) {
      if (!EXPECTED_LINES.test(message)) faults.push(`log: ${level} ${message}`);
    }
    for (const line of repeated(Object.values(origins).flatMap(({ requests }) => requests))) {
      faults.push(`sent more than once: ${line}`);
    }
    return {
      seconds: (performance.now() - begin) / 1000,
      kinds,
      done,
      faults,
      residentMb: samples,
    };
  } finally {
    end.abort();
    await Promise.all([gateway.close(), ...Object.values(origins).map((origin) => origin.close())]);
  }
}

/** Orders that reached an origin, or two, more than once. */
function repeated(lines: readonly string[]): string[] {
  const orders = lines.filter((line) => /^POST .*order-/.test(line));
  return orders.filter((line, index) => orders.indexOf(line) !== index);
}
