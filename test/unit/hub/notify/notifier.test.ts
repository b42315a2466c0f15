import { beforeEach, describe, expect, test } from "vitest";

import type { Receiver } from "../../../../src/config/webhooks.ts";
import { UNPUBLISHED_MS } from "../../../../src/hub/notify/notifier.ts";
import type { Delivery } from "../../../../src/hub/notify/outbox.ts";
import { ABANDONED_MS } from "../../../../src/hub/notify/reminded.ts";
import type { HubPlatform } from "../../../../src/hub/platform.ts";
import { formatInstant } from "../../../../src/lib/instant-text.ts";
import { textDigest } from "../../../../src/report/digest.ts";
import { HubWorld, keysOf } from "../../../support/hub.ts";

const [KEY = ""] = keysOf(0, 1);
const OPS: Receiver = {
  name: "ops",
  url: "https://hooks.example.com/",
  secret: undefined,
  format: "json",
  events: undefined,
  routes: [],
};

/** A shard with receivers. */
class NotifyingWorld extends HubWorld {
  readonly sent: Delivery[] = [];
  readonly receivers = new Map([["ops", OPS]]);

  override platform(): HubPlatform {
    const send = async (delivery: Delivery) => {
      this.sent.push(delivery);
      return 200;
    };
    // The constructor above asks before there are fields.
    const receivers = this.receivers ?? new Map<string, Receiver>();
    return {
      ...super.platform(),
      notify: { receivers, send, randomId: () => "id", random: () => 0 },
    };
  }

  /** What was told so far. */
  async told() {
    await this.pass(0);
    // What is sent is not waited for.
    await new Promise((resolve) => setImmediate(resolve));
    return this.sent.map(({ body }) => {
      const { type, data } = JSON.parse(body) as { type: string; data: { words: string } };
      return `${type}: ${data.words}`;
    });
  }
}

let world: NotifyingWorld;

const canary = (change: object = {}) =>
  JSON.stringify({
    strategy: "canary",
    stable: "https://a.example.com",
    canary: "https://b.example.com",
    percent: 5,
    guard: { checks: [{ metric: "failures", maxIncrease: 1 }], notify: ["ops"] },
    ...change,
  });

const made = (change: object = {}) => ({
  author: "anna",
  action: "put",
  note: "",
  silences: false,
  ...change,
});

const publish = (version: number, text: string | null, change: object = {}) =>
  world.core.publish({ key: KEY, version, text, at: world.now, made: made(change) });

const settle = (version: number) =>
  world.core.settle({ key: KEY, version, at: world.now, putAt: world.now });

const instant = (inMs: number) => formatInstant(world.now + inMs);

beforeEach(async () => {
  world = new NotifyingWorld();
  world.crash();
  // Of an empty shard the walk through KV's list is over.
  await world.pass(60_000);
});

describe("receivers are told", () => {
  test("of an edit: who made it, how, and why", async () => {
    publish(3, canary(), { action: "promote", note: "to the ceo" });
    expect(await world.told()).toEqual(["edit: anna made version 3 (promote): to the ceo."]);
  });

  test("of no edit that a guard made, and of each once", async () => {
    publish(3, canary(), { author: "guard", action: "abort" });
    publish(4, canary());
    publish(4, canary());
    expect(await world.told()).toEqual(["edit: anna made version 4 (put)."]);
  });

  test("of nothing on routes whose guards name nobody, unless they hear of the route anyway", async () => {
    const text = canary({ guard: undefined });
    publish(1, text);
    expect(await world.told()).toEqual([]);
    world.receivers.set("ops", { ...OPS, routes: ["*"] });
    publish(2, text);
    expect(await world.told()).toHaveLength(1);
  });

  test("of a value that was put by hand over a version", async () => {
    publish(1, canary());
    settle(1);
    await world.pass(200_000);
    const byHand = canary({ percent: 50 });
    world.kv.set(KEY, { text: byHand, metadata: null });
    world.report({ routes: [{ key: KEY, version: 0, digest: textDigest(byHand) }] });
    await world.pass(30_000);
    const told = await world.told();
    expect(told.slice(1)).toEqual([
      expect.stringMatching(/^drift: .* in place of version 1: adopt/),
    ]);
  });

  test("of a version that does not come to KV, and not of one that does", async () => {
    publish(1, canary());
    await world.pass(UNPUBLISHED_MS - 1);
    expect(await world.told()).toHaveLength(1);
    await world.pass(1);
    expect((await world.told()).at(-1)).toMatch(/^publish-failed: Version 1 /);
    publish(2, canary({ percent: 6 }));
    settle(2);
    await world.pass(2 * UNPUBLISHED_MS);
    expect(await world.told()).toHaveLength(3);
  });

  test("of a lease that ends, unless it was renewed", async () => {
    publish(1, canary({ lease: { until: instant(3_600_000) } }));
    settle(1);
    publish(2, canary({ lease: { until: instant(7_200_000) } }));
    settle(2);
    await world.pass(7_199_999);
    expect(await world.told()).toHaveLength(2);
    await world.pass(1);
    expect((await world.told()).at(-1)).toMatch(/^lease-expired: The lease ended at /);
  });

  test.each<[string, () => object]>([
    [
      "paused",
      () => ({
        ramp: {
          startAt: instant(0),
          steps: [{ percent: 1, holdSeconds: 600 }, { percent: 100 }],
          pausedAt: instant(0),
        },
      }),
    ],
    [
      "not earned",
      () => ({
        ramp: {
          startAt: instant(-600_000),
          steps: [{ percent: 1, holdSeconds: 600 }, { percent: 100 }],
        },
        guard: { checks: [{ metric: "failures", maxIncrease: 1 }], earn: true, notify: ["ops"] },
      }),
    ],
  ])("of a ramp that stands still for a day as it is %s", async (_, change) => {
    publish(1, canary({ percent: undefined, ...change() }));
    settle(1);
    await world.pass(ABANDONED_MS - 1);
    expect(await world.told()).toHaveLength(1);
    await world.pass(1);
    expect((await world.told()).at(-1)).toMatch(/^ramp-abandoned: /);
  });

  test("of none of that where the ramp goes on, is over, or the route is gone", async () => {
    const steps = [{ percent: 1, holdSeconds: 600 }, { percent: 100 }];
    publish(1, canary({ percent: undefined, ramp: { startAt: instant(0), steps } }));
    settle(1);
    await world.pass(2 * ABANDONED_MS);
    const pausedAt = instant(0);
    publish(2, canary({ percent: undefined, ramp: { startAt: instant(-2e6), steps, pausedAt } }));
    settle(2);
    await world.pass(2 * ABANDONED_MS);
    publish(3, canary({ lease: { until: instant(3_600_000) } }));
    publish(4, null);
    settle(4);
    await world.pass(2 * ABANDONED_MS);
    const told = await world.told();
    expect(told.filter((line) => !line.startsWith("edit:"))).toEqual([]);
  });

  test("after a restart too", async () => {
    publish(1, canary({ lease: { until: instant(3_600_000) } }));
    settle(1);
    // The alarm that was set is kept by the platform.
    world.crash();
    await world.pass(3_600_000);
    expect((await world.told()).at(-1)).toMatch(/^lease-expired: /);
  });
});

test("a shard works on where notices cannot be stored", async () => {
  world.sql.exec(
    "CREATE TRIGGER full BEFORE INSERT ON notices BEGIN SELECT RAISE(ABORT, 'full'); END",
  );
  expect(publish(1, canary()).version).toBe(1);
  expect(world.logged).toContain("a shard of the hub cannot take a notice");
});
