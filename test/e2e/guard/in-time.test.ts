import { setTimeout as sleep } from "node:timers/promises";

import { afterAll, beforeAll, expect, test } from "vitest";

import { startWorld, strangers, type World } from "./world.ts";

const KEY = "shop.example.com";

/** As often as isolates report where nobody says otherwise (s). */
const REPORT_SECONDS = 5;

const PER_SECOND = 20;

/** From the first bad answer to the last visitor on the bad variant, at most. */
const IN_TIME_MS = 20_000;

/** Visitors in a row that nobody sends to the canary any more: with 25 % one of 100 000 such rows has none by chance. */
const ENOUGH = 40;

/** Longer than it may take, and shorter than for ever. */
const END_MS = 90_000;

interface Answer {
  readonly variant: string | undefined;
  readonly status: number;
  readonly at: number;
}

let world: World;

beforeAll(async () => {
  world = await startWorld(REPORT_SECONDS);
});
afterAll(async () => world?.close());

test(
  "a canary whose every answer is 503 has no visitor left within 20 s of the first one",
  async () => {
    await world.make(KEY, {
      strategy: "canary",
      stable: world.old.url,
      canary: world.fresh.url,
      percent: 25,
      // So that visitors meet what the canary answers.
      rescue: false,
      guard: { checks: [{ metric: "failures", maxIncrease: 1 }] },
    });
    world.fresh.tell({ status: 503 });

    const stranger = strangers(1);
    const answers: Answer[] = [];
    const arrive = async () => {
      const { header, status } = await world.come(KEY, stranger());
      answers.push({ variant: header("x-variant"), status, at: performance.now() });
    };
    const isOver = async () => {
      const recent = answers.slice(-ENOUGH);
      if (recent.length < ENOUGH || recent.some(({ variant }) => variant === "canary"))
        return false;
      return (await world.history(KEY)).length > 1;
    };
    const under: Promise<void>[] = [];
    const end = performance.now() + END_MS;
    while (performance.now() < end && !(await isOver())) {
      under.push(arrive());
      await sleep(1000 / PER_SECOND);
    }
    await Promise.all(under);

    const bad = answers.filter(({ variant }) => variant === "canary");
    expect(new Set(bad.map(({ status }) => status))).toEqual(new Set([503]));
    const took = (bad.at(-1)?.at ?? Infinity) - (bad[0]?.at ?? 0);
    console.log(
      `first bad answer to last visitor on the bad variant: ${(took / 1000).toFixed(1)} s, ${bad.length} of ${answers.length} visitors`,
    );
    expect(took).toBeLessThanOrEqual(IN_TIME_MS);
    const [last, first, ...more] = await world.history(KEY);
    expect(more).toEqual([]);
    expect(last).toMatchObject({ version: 2, author: "guard", action: "abort" });
    expect(last?.note).toMatch(/\d/);
    expect(first).toMatchObject({ version: 1, action: "put" });
  },
  2 * END_MS,
);
