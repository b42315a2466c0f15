import { shardOf } from "../../../../src/report/shard.ts";
import { readConfig, type GatewayEnv } from "../../../../src/config/gateway.ts";
import { PolicyCache } from "../../../../src/gateway/load/policy-cache.ts";
import type { KvValue } from "../../../../src/gateway/load/kv.ts";
import { murmur3 } from "../../../../src/lib/hash.ts";
import { readReport } from "../../../../src/report/decode.ts";
import { stampOf } from "../../../../src/report/stamp.ts";
import type { News, Report } from "../../../../src/report/wire.ts";
import { virtualClock } from "./virtual-clock.ts";

/** Fingerprint → version, of every text that was made here. */
const versions = new Map<string, number | string>();

/** The policy of a version, told apart by its origin. */
export function textOf(version: number | string): string {
  const text = `"https://v${version}.example.com"`;
  versions.set(murmur3(text, 0).toString(16).padStart(8, "0"), version);
  return text;
}

/** What KV has of a version: the text and the ledger's stamp. */
export const inKv = (version: number): KvValue => ({
  value: textOf(version),
  metadata: stampOf(textOf(version), version),
});

/** A text that somebody put by hand. */
export const byHand = (name: string): KvValue => ({ value: textOf(name), metadata: null });

export const ABSENT: KvValue = { value: null, metadata: null };

type Answer = { readonly [TKey in keyof News]?: News[TKey] | undefined };

/** A text in the colo's cache, as the gateway wrote it. */
export class TestCopies {
  readonly kept = new Map<string, string>();
  puts = 0;
  async match(url: string): Promise<Response | undefined> {
    const text = this.kept.get(url);
    return text === undefined ? undefined : new Response(text);
  }
  async put(url: string, response: Response): Promise<void> {
    this.puts += 1;
    this.kept.set(url, await response.text());
  }
}

export interface IsolateOptions {
  readonly hub?: boolean;
  readonly vars?: Readonly<Record<string, unknown>>;
  readonly snapshot?: string;
  readonly copies?: TestCopies;
}

/** One isolate on a virtual clock, with a KV and a hub that do as they are told. */
export function isolate({
  hub = true,
  vars = {},
  snapshot = "",
  copies = new TestCopies(),
}: IsolateOptions = {}) {
  const clock = virtualClock();
  /** How KV answers: with values, after so long (ms), or not at all. */
  const kv = {
    values: new Map<string, KvValue>(),
    afterMs: 0,
    fails: false,
    reads: [] as { keys: readonly string[]; at: number }[],
  };
  const said: {
    answer: (report: Report, shard: number) => Answer;
    afterMs: number;
    fails: boolean;
    readonly reports: {
      readonly report: Report;
      readonly shard: number;
      readonly at: number;
      readonly chars: number;
    }[];
  } = { answer: () => ({}), afterMs: 0, fails: false, reports: [] };
  const wait = async (ms: number) => {
    if (ms > 0) await clock.platform.sleep(ms);
  };
  const wire = async (shard: number, text: string) => {
    const read = readReport(text);
    if (!read.ok) throw new Error(read.error);
    said.reports.push({ report: read.value, shard, at: clock.now(), chars: text.length });
    await wait(said.afterMs);
    if (said.fails) throw new Error("the hub is away");
    const usual: News = {
      v: 1,
      sequence: read.value.sequence,
      nextMs: 1000,
      routes: [],
      unknown: [],
      filled: true,
      more: false,
      created: [],
      cursor: 1,
    };
    return JSON.stringify({ ...usual, ...said.answer(read.value, shard) });
  };
  const behind: Promise<unknown>[] = [];
  const later = (work: Promise<unknown>) => void behind.push(work);
  const routes = new PolicyCache(
    {
      read: async (keys) => {
        kv.reads.push({ keys: [...keys], at: clock.now() });
        await wait(kv.afterMs);
        if (kv.fails) throw new Error("KV is away");
        return new Map(keys.map((key) => [key, kv.values.get(key) ?? ABSENT]));
      },
      hub: hub ? { report: wire } : undefined,
      openCopies: async () => copies,
      snapshot,
    },
    readConfig(vars as unknown as GatewayEnv),
    clock.platform,
  );
  /** A request: which version serves it and where that came from, or why none; after how long (ms). */
  const ask = async (...keys: string[]) => {
    const begin = clock.now();
    const loaded = routes.peek(keys, later) ?? (await routes.load(keys, later));
    if (loaded.found === "route") routes.served(loaded.route, later);
    const waitedMs = clock.now() - begin;
    return loaded.found === "route"
      ? { version: versions.get(loaded.route.version), source: loaded.source, waitedMs }
      : { version: loaded.found, source: "", waitedMs };
  };
  /** The same, with the clock moved on for so long (ms) meanwhile. */
  const askFor = async (ms: number, ...keys: string[]) => {
    const [answer] = await Promise.all([ask(...keys), clock.pass(ms)]);
    return answer;
  };
  /** What of reports had counts, and look-ups. */
  const reports = () => said.reports.filter(({ report }) => report.lookups.length === 0);
  const lookups = () => said.reports.filter(({ report }) => report.lookups.length > 0);
  return { clock, kv, said, behind, later, routes, copies, ask, askFor, reports, lookups };
}

/** How long memory answers without asking (ms). */
export const TTL_MS = 10_000;

/** News of one version of the key `shop`. */
export const newer = (version: number) => ({
  routes: [{ key: "shop", version, text: textOf(version) }],
});

/** An isolate that has served version 1 of the key `shop` from KV. */
export async function warm(options: IsolateOptions = {}) {
  const world = isolate(options);
  world.kv.values.set("shop", inKv(1));
  await world.askFor(0, "shop");
  return world;
}

/** Keys of one shard, as many as asked for. */
export function keysOf(shard: number, count: number): string[] {
  const keys: string[] = [];
  for (let n = 0; keys.length < count; n += 1) {
    const key = `tenant-${n}`;
    if (shardOf(key) === shard) keys.push(key);
  }
  return keys;
}

/** Requests that an isolate has reported. */
export const countOf = (world: ReturnType<typeof isolate>) =>
  world
    .reports()
    .flatMap(({ report }) => report.routes)
    .reduce((sum, { requests = 0 }) => sum + requests, 0);
