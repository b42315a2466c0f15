import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  BACKOFF_MS,
  failover,
  rescuer,
  type UpstreamContext,
} from "../../../../src/gateway/forward/failover.ts";
import { EJECTION_MS, FAILURES_TO_EJECT, Health } from "../../../../src/gateway/forward/health.ts";
import { startFaulty, type Faulty } from "../../../support/faulty.ts";
import { decisionOf, nodeSeams, waysOf } from "./upstream.ts";

/** Far more than an origin that is well takes, on a busy machine too. */
const TIMEOUT_MS = 400;

let canary: Faulty;
let stable: Faulty;
let fallback: Faulty;
beforeEach(async () => {
  [canary, stable, fallback] = await Promise.all([
    startFaulty("canary"),
    startFaulty("stable"),
    startFaulty("fallback"),
  ]);
});
afterEach(() => Promise.all([canary.close(), stable.close(), fallback.close()]));

const policy = (more: object = {}) => ({
  strategy: "canary",
  stable: stable.url,
  canary: canary.url,
  percent: 100,
  timeoutMs: TIMEOUT_MS,
  ...more,
});

/** One request, as a row: who answered, the answer, in whose place, what is charged. */
async function outcome(ways: UpstreamContext, more: object = {}): Promise<string> {
  const { response, failure, variant, rescuedFrom, primaryFailure } = await failover(
    ways,
    decisionOf(policy(more)),
  );
  const body = (await response?.text())?.split(" ", 1)[0];
  const answer = response === undefined ? `none, ${failure}` : `${response.status} ${body}`;
  return `${variant.name}: ${answer}; for ${rescuedFrom?.name}; primaryFailure ${primaryFailure}`;
}

/** Health that knows these origins to be down. */
function downed(...origins: Faulty[]): Health {
  const health = new Health();
  for (const { url } of origins)
    for (let i = 0; i < FAILURES_TO_EJECT; i++) health.fail(url, Date.now());
  return health;
}

describe("the ways, in order", () => {
  const GOOD = "canary: 200 canary; for undefined; primaryFailure undefined";

  test("a good variant is the only one asked", async () => {
    expect(await outcome(waysOf(), { fallback: fallback.url })).toBe(GOOD);
    expect(stable.connections + fallback.connections).toBe(0);
  });

  test("retries come before the rescuer", async () => {
    canary.next("reset-before-head", "503");
    expect(await outcome(waysOf(), { retry: { attempts: 2 } })).toBe(GOOD);
    expect([canary.connections, stable.connections]).toEqual([3, 0]);
  });

  test("a port that opens again between two tries is enough", async () => {
    await canary.set("refuse");
    const platform = nodeSeams({ sleep: async () => canary.set("good") });
    expect(await outcome(waysOf({ platform }), { retry: { attempts: 1 } })).toBe(GOOD);
  });

  test("the rescuer answers for a canary that does not", async () => {
    await canary.set("hang");
    expect(await outcome(waysOf())).toBe("stable: 200 stable; for canary; primaryFailure timeout");
  });

  test("then the fallback, for both", async () => {
    await Promise.all([canary.set("refuse"), stable.set("502")]);
    expect(await outcome(waysOf(), { fallback: fallback.url })).toBe(
      "fallback: 200 fallback; for canary; primaryFailure network",
    );
  });

  test("the last failing answer is passed on, under the name of its sender", async () => {
    await Promise.all([canary.set("503"), stable.set("refuse")]);
    expect(await outcome(waysOf())).toBe("canary: 503 503; for undefined; primaryFailure 503");
    await stable.set("502");
    expect(await outcome(waysOf())).toBe("stable: 502 502; for canary; primaryFailure 503");
  });

  test("where nobody answers at all, the last failure tells", async () => {
    await Promise.all([canary.set("hang"), stable.set("refuse")]);
    expect(await outcome(waysOf())).toBe(
      "stable: none, network; for canary; primaryFailure timeout",
    );
    expect(await outcome(waysOf(), { rescue: false })).toBe(
      "canary: none, timeout; for undefined; primaryFailure timeout",
    );
  });

  test("what cannot be repeated is sent once", async () => {
    await canary.set("503");
    const more = { retry: { attempts: 3 }, fallback: fallback.url };
    expect(await outcome(waysOf({ replayable: false }), more)).toMatch(/^canary: 503 503/);
    expect([canary.connections, stable.connections, fallback.connections]).toEqual([1, 0, 0]);
  });
});

describe("who rescues", () => {
  const weighted = (...weights: [name: string, weight: number][]) => ({
    strategy: "weighted",
    force: "a",
    rescue: true,
    variants: weights.map(([name, weight]) => ({ name, weight, origin: "http://127.0.0.1" })),
  });
  const named = (more: object) => rescuer(decisionOf(more))?.name;

  test.each([
    ["a canary: stable", { strategy: "canary", percent: 100 }, "stable"],
    ["stable: never the canary", { strategy: "canary", percent: 0 }, undefined],
    ["a canary, switched off", { strategy: "canary", percent: 100, rescue: false }, undefined],
    ["a colour: by itself nobody", { strategy: "blue-green", active: "blue" }, undefined],
    ["a colour: the other", { strategy: "blue-green", active: "blue", rescue: true }, "green"],
  ])("%s", (_, more, expected) => {
    const names =
      more.strategy === "canary"
        ? { stable: "http://127.0.0.1:1", canary: "http://127.0.0.1:2" }
        : { blue: "http://127.0.0.1:1", green: "http://127.0.0.1:2" };
    expect(named({ ...names, ...more })).toBe(expected);
  });

  test.each([
    ["the heaviest other", weighted(["a", 90], ["b", 1], ["c", 5]), "c"],
    ["of equals the lesser name", weighted(["a", 90], ["c", 5], ["b", 5]), "b"],
    ["never one of weight 0", weighted(["a", 90], ["b", 0]), undefined],
    ["nobody unasked", { ...weighted(["a", 1], ["b", 1]), rescue: false }, undefined],
    ["a single origin: nobody", { origin: "http://127.0.0.1", rescue: true }, undefined],
  ])("weighted: %s", (_, more, expected) => expect(named(more)).toBe(expected));
});

describe("origins known to be down", () => {
  test("are left out where another way answers", async () => {
    expect(await outcome(waysOf({ health: downed(canary) }))).toBe(
      "stable: 200 stable; for canary; primaryFailure down",
    );
    expect(canary.connections).toBe(0);
  });

  test("and so a request that cannot be repeated is saved too", async () => {
    const ways = waysOf({ health: downed(canary), replayable: false });
    expect(await outcome(ways)).toBe("stable: 200 stable; for canary; primaryFailure down");
  });

  test("are asked after all where the others fail", async () => {
    await stable.set("refuse");
    expect(await outcome(waysOf({ health: downed(canary) }))).toBe(
      "canary: 200 canary; for undefined; primaryFailure undefined",
    );
  });

  test("are asked where they are the only way, with their retries", async () => {
    canary.next("503");
    const health = downed(canary);
    const more = { rescue: false, retry: { attempts: 1 } };
    expect(await outcome(waysOf({ health }), more)).toMatch(/^canary: 200/);
    expect(health.size).toBe(0);
  });

  test("no probe is spent on a stage that is not reached", async () => {
    const health = downed(stable);
    const platform = nodeSeams({ now: () => Date.now() + EJECTION_MS });
    await outcome(waysOf({ health, platform }));
    expect(health.isDown(stable.url, platform.now(), true)).toBe(false);
  });

  test("going down and coming back are logged once each", async () => {
    const platform = nodeSeams();
    const ways = waysOf({ platform });
    await canary.set("refuse");
    for (let i = 0; i < 2 * FAILURES_TO_EJECT; i++) await outcome(ways, { rescue: false });
    await canary.set("good");
    await outcome(ways, { rescue: false });
    await outcome(ways, { rescue: false });
    expect(platform.lines.map(({ level, details }) => ({ level, ...details }))).toEqual([
      { level: "warn", origin: canary.url, failure: "network", leftOutMs: EJECTION_MS },
      { level: "warn", origin: canary.url },
    ]);
  });

  test("an answer of 503 is an answer", async () => {
    const health = new Health();
    await canary.set("503");
    for (let i = 0; i < 2 * FAILURES_TO_EJECT; i++) await outcome(waysOf({ health }));
    expect(canary.connections).toBe(2 * FAILURES_TO_EJECT);
  });

  test("an upload that times out charges nobody; one that cannot connect does", async () => {
    const health = new Health();
    const send: UpstreamContext["send"] = ({ origin }) => ({
      url: origin.origin,
      init: { method: "POST", body: "an order" },
    });
    const ways = waysOf({ health, send, replayable: false });
    await canary.set("hang");
    for (let i = 0; i < FAILURES_TO_EJECT; i++) await outcome(ways);
    expect(health.size).toBe(0);
    await canary.set("refuse");
    for (let i = 0; i < FAILURES_TO_EJECT; i++) await outcome(ways);
    expect(health.isDown(canary.url, Date.now(), true)).toBe(true);
  });
});

describe("time", () => {
  /** Runs on a clock that only sleeping and asking move; each try takes `tryMs` and fails. */
  function clocked(tryMs: number) {
    let now = 0;
    const sleeps: number[] = [];
    const platform = nodeSeams({
      now: () => now,
      random: () => 1,
      sleep: async (ms) => {
        sleeps.push(ms);
        now += ms;
      },
      fetch: async () => {
        now += tryMs;
        throw new TypeError("connection refused");
      },
    });
    return { ways: waysOf({ platform }), sleeps, now: () => now };
  }
  const more = { rescue: false, retry: { attempts: 3 } };

  test("waits double, from BACKOFF_MS at most", async () => {
    const { ways, sleeps } = clocked(1);
    await outcome(ways, { ...more, timeoutMs: 10_000 });
    expect(sleeps).toEqual([BACKOFF_MS, 2 * BACKOFF_MS, 4 * BACKOFF_MS]);
  });

  test("no retry begins that the budget has no time for", async () => {
    const { ways, sleeps, now } = clocked(40);
    await outcome(ways, { ...more, timeoutMs: 100 });
    expect(sleeps).toEqual([BACKOFF_MS]);
    expect(now()).toBeLessThanOrEqual(40 + 100);
  });

  test("first try, retries, rescuer and fallback: four time-outs at most", async () => {
    await Promise.all([canary.set("hang"), stable.set("hang"), fallback.set("hang")]);
    const begin = performance.now();
    await outcome(waysOf(), { retry: { attempts: 3 }, fallback: fallback.url });
    const took = performance.now() - begin;
    expect(took).toBeGreaterThan(3.5 * TIMEOUT_MS);
    expect(took).toBeLessThan(5.5 * TIMEOUT_MS);
    expect([stable.requests.length, fallback.requests.length]).toEqual([1, 1]);
  });
});
