import { afterAll, beforeAll, expect, test } from "vitest";
import { codeOf } from "../../bench/code.ts";
import { openInspector, type Inspector } from "../../bench/inspector.ts";
import { startWorker, type RunningWorker } from "../../bench/workerd.ts";
import { startFaulty, type Fault, type Faulty } from "../../support/faulty.ts";
import { see } from "../failures/seen.ts";

/** Faults of one round; each meets REQUESTS of each kind. */
const FAULTS: readonly Fault[] = ["refuse", "reset-before-head", "garbage", "503", "hang", "good"];
const REQUESTS = 60;
const CONCURRENCY = 10;

/** Rounds until all that is kept for good is there: compiled code, policies, connections. */
const SETTLING_ROUNDS = 2;
const ROUNDS = 6;

/** A heap in use may end so far above its level (bytes): an eighth of a kB kept by each request is more. */
const MAX_GROWTH = 500_000;

/** On a busy machine. */
const TEST_MS = 180_000;

/** How long requests that hang, and mirrors, may hold what is theirs after the last answer (ms). */
const LET_GO_MS = 15_000;

/** KV as workerd's binding asks for many keys at once. */
const KV = `export default {
  async fetch(request, env) {
    const { keys, withMetadata } = await request.json();
    const told = (value) => (withMetadata === true ? { value, metadata: null } : value);
    return Response.json(Object.fromEntries(keys.map((key) => [key, told(env.VALUES[key] ?? null)])));
  },
};`;

let good: Faulty;
let bad: Faulty;
let worker: RunningWorker;
let inspector: Inspector;

beforeAll(async () => {
  [good, bad] = await Promise.all([startFaulty("good"), startFaulty("bad")]);
  const policy = {
    strategy: "canary",
    stable: good.url,
    canary: bad.url,
    percent: 50,
    timeoutMs: 100,
    retry: { attempts: 1 },
    mirror: { origin: { url: bad.url, timeoutMs: 100 }, percent: 100 },
    sticky: { mode: "pin" },
  };
  worker = await startWorker({
    code: await codeOf("switchyard", false),
    vars: { ALLOW_PRIVATE_ORIGINS: "true", MEMORY_TTL_SECONDS: "1" },
    kv: { code: KV, values: new Map([["shop", JSON.stringify(policy)]]) },
    inspect: true,
  });
  inspector = await openInspector(worker.inspectorPort);
  await inspector.call("HeapProfiler.enable");
});
afterAll(async () => {
  inspector?.close();
  await Promise.all([worker?.close(), good?.close(), bad?.close()]);
});

const shop = () => `http://127.0.0.1:${worker.port}/shop/`;

/** The heap in use (bytes), rubbish cleared away. */
async function heapInUse(): Promise<number> {
  // workerd lets go of what requests had when the next one comes: until then it looks as if it were in use.
  await bad.set("good");
  await see(shop());
  // workerd collects, but never answers this call; calls are served in order.
  void inspector.call("HeapProfiler.collectGarbage");
  void inspector.call("HeapProfiler.collectGarbage");
  const { usedSize } = (await inspector.call("Runtime.getHeapUsage")) as { usedSize: number };
  return usedSize;
}

/** Sends each kind of request to each fault; the answers that no variant was decided for, of which there are none. */
async function round(): Promise<string[]> {
  const undecided: string[] = [];
  const ask = async (...request: Parameters<typeof see>) => {
    const { by, answer } = await see(...request);
    if (by === undefined) undecided.push(answer);
  };
  const url = shop();
  for (const fault of FAULTS) {
    await bad.set(fault);
    let left = REQUESTS;
    await Promise.all(
      Array.from({ length: CONCURRENCY }, async () => {
        while (left-- > 0) {
          await ask(url);
          await ask(url, { body: "an order ".repeat(1000) });
        }
      }),
    );
  }
  return undecided;
}

test(
  "failures, rescues, retries, pins and mirrors leave nothing behind in the heap",
  async () => {
    for (let i = 0; i < SETTLING_ROUNDS; i++) expect(await round()).toEqual([]);
    let level = await heapInUse();
    const falls = async () => {
      const before = level;
      level = Math.min(level, await heapInUse());
      return before - level;
    };
    await expect.poll(falls, { timeout: LET_GO_MS }).toBe(0);
    for (let i = 0; i < ROUNDS; i++) expect(await round()).toEqual([]);
    let end = await heapInUse();
    const grown = async () => {
      end = await heapInUse();
      return end - level;
    };
    await expect.poll(grown, { timeout: LET_GO_MS }).toBeLessThan(MAX_GROWTH);
    const requests = ROUNDS * FAULTS.length * REQUESTS * 2;
    const kb = (bytes: number) => `${Math.round(bytes / 1000)} kB`;
    console.log(`heap in use: ${kb(level)}, after ${requests} more requests ${kb(end)}`);
  },
  TEST_MS,
);
