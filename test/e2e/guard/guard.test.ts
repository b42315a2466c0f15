import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";

import { folder, sy } from "../../unit/cli/shell.ts";
import { startWorld, strangers, TOKEN, type World } from "./world.ts";

/** A test sends visitors until a guard has made up its mind: some reports, on a busy machine slowly (ms). */
const LONG_MS = 90_000;

/** Between two groups of visitors (ms): a hundred a second are more than a guard asks for from report to report. */
const BETWEEN_MS = 100;

/** Visitors that a check asks for where a guard does not say. */
const MIN_VISITORS = 10;

let world: World;

beforeAll(async () => {
  world = await startWorld(1);
});
afterEach(() => {
  world.old.tell({});
  world.fresh.tell({});
});
afterAll(async () => world?.close());

const canary = (more: object = {}) => ({
  strategy: "canary",
  stable: world.old.url,
  canary: world.fresh.url,
  percent: 50,
  rescue: false,
  guard: { checks: [{ metric: "failures", maxIncrease: 1 }] },
  ...more,
});

const guardOf = async (key: string) => (await world.results(key)).experiments[0]?.guard;
const newest = async (key: string) => (await world.history(key))[0];

/** Sends strangers until something is as it should be. Rejects where it never is. */
async function comeUntil(key: string, group: number, isSo: () => Promise<boolean>): Promise<void> {
  const stranger = strangers(group);
  const until = performance.now() + LONG_MS;
  while (!(await isSo())) {
    if (performance.now() > until)
      throw new Error(`it never came: ${JSON.stringify(await guardOf(key))}`);
    await Promise.all(Array.from({ length: 10 }, async () => world.come(key, stranger())));
    await sleep(BETWEEN_MS);
  }
}

describe("a guard", () => {
  test(
    "is set off by no single visitor and by no single address, and by as many of others at once",
    async () => {
      const key = "one.example.com";
      await world.make(key, canary());
      world.fresh.tell({ status: 500 });
      const met = async () => {
        const [experiment] = (await world.results(key)).experiments;
        return experiment?.variants.find(({ variant }) => variant === "canary")?.failed ?? 0;
      };

      // One visitor of the canary, who never gives up.
      let cookie: string | undefined;
      while (cookie === undefined) {
        const seen = await world.come(key, "192.0.2.1");
        if (seen.header("x-variant") === "canary")
          cookie = seen.headers["set-cookie"]?.[0]?.split(";")[0] ?? "";
      }
      for (let again = 0; again < 100; again += 1) await world.come(key, "192.0.2.1", { cookie });
      // And one machine with a cookie for each request.
      for (let more = 0; more < 8 * MIN_VISITORS; more += 1) await world.come(key, "192.0.2.1");
      await expect.poll(met).toBeGreaterThan(2 * MIN_VISITORS);
      const guard = await guardOf(key);
      expect(guard).toMatchObject({ verdict: "watching" });
      expect(guard?.checks[0]?.missing).toContain("address");
      expect(await world.history(key)).toHaveLength(1);

      await comeUntil(key, 1, async () => (await world.history(key)).length > 1);
      expect(await newest(key)).toMatchObject({ author: "guard", action: "abort" });
    },
    LONG_MS,
  );

  test(
    "finds a canary that is slow",
    async () => {
      const key = "slow.example.com";
      const check = { metric: "latency", quantile: 0.5, maxMs: 100 };
      await world.make(key, canary({ guard: { checks: [check], windowSeconds: 10 } }));
      world.fresh.tell({ delayMs: 400 });
      await comeUntil(key, 2, async () => (await newest(key))?.author === "guard");
      const { action, note } = (await newest(key)) ?? {};
      expect(action).toBe("abort");
      expect(note).toMatch(/\d ms/);
      expect(await guardOf(key)).toMatchObject({
        verdict: "acted",
        acted: { action: "abort", evidence: note },
      });
    },
    LONG_MS,
  );

  test(
    "switches back while the colour of before is still there",
    async () => {
      const key = "colours.example.com";
      const at = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString();
      const policy = {
        strategy: "blue-green",
        blue: world.old.url,
        green: world.fresh.url,
        active: "blue",
        guard: { checks: [{ metric: "failures", max: 2 }], windowSeconds: 10 },
      };
      await world.make(key, policy);
      world.fresh.tell({ status: 500 });
      const next = { active: "green", at: at(1), drainSeconds: 600 };
      expect((await world.replace(key, { ...policy, next })).status).toBe(200);
      await comeUntil(key, 3, async () => (await newest(key))?.author === "guard");
      expect(await newest(key)).toMatchObject({ action: "switch-back" });
      const stranger = strangers(4);
      const served = async () => (await world.come(key, stranger())).header("x-variant");
      await expect.poll(served).toBe("blue");
    },
    LONG_MS,
  );

  test(
    "grants a step of a ramp to good visitors, and none to nobody",
    async () => {
      const ramp = (startAt: string) => ({
        startAt,
        steps: [{ percent: 50, holdSeconds: 2 }, { percent: 100 }],
      });
      const { percent: _, ...rest } = canary();
      const policy = {
        ...rest,
        ramp: ramp(new Date(Date.now() - 1000).toISOString()),
        // So wide that few visitors are enough.
        guard: { checks: [{ metric: "failures", maxIncrease: 60 }], earn: true },
      };
      await world.make("quiet.example.com", policy);
      await world.make("earned.example.com", policy);
      const key = "earned.example.com";
      await comeUntil(key, 5, async () => (await newest(key))?.author === "guard");
      expect(await newest(key)).toMatchObject({ action: "grant", version: 2 });
      const read = async (of: string) =>
        (await (await world.api(`routes/${of}`)).json()) as {
          version: number;
          policy: { ramp: { earned?: number } };
        };
      expect((await read(key)).policy.ramp.earned).toBe(1);
      // Its hold has been over for as long, and nobody came.
      expect(await read("quiet.example.com")).toMatchObject({ version: 1 });
      const seen = await world.come("quiet.example.com", "2001:db8::1");
      expect(seen.status).toBe(200);
    },
    LONG_MS,
  );
});

describe("what a guard took back", () => {
  const key = "taken.example.com";
  let work: Awaited<ReturnType<typeof folder>>;

  beforeAll(async () => {
    work = await folder();
    await world.make(key, canary());
    world.fresh.tell({ status: 500 });
    await comeUntil(key, 6, async () => (await newest(key))?.author === "guard");
  }, LONG_MS);
  afterAll(async () => work?.remove());

  test("comes back by no PUT and by no sy apply", async () => {
    const refused = await world.replace(key, canary());
    expect(refused.status).toBe(409);
    expect(await refused.json()).toMatchObject({ code: "guard-acted" });
    const files = await folder({ [`${key}.json`]: canary() });
    const applied = await sy(
      { cwd: files.cwd, env: { SY_URL: world.fleet.control.url, SY_TOKEN: TOKEN } },
      "apply",
      `${key}.json`,
    );
    await files.remove();
    expect(applied.code).toBe(1);
    expect(await newest(key)).toMatchObject({ author: "guard" });
  });

  test("comes back where somebody insists, and is watched from zero", async () => {
    expect((await world.replace(key, canary(), { override: true })).status).toBe(200);
    const verdict = async () => (await guardOf(key))?.verdict;
    await expect.poll(verdict).toMatch(/^(?:watching|healthy)$/);
    expect((await world.history(key)).map(({ author }) => author)).toEqual([
      "tests",
      "guard",
      "tests",
    ]);
  });
});
