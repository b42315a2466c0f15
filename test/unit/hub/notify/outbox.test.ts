import { Webhook } from "standardwebhooks";
import { describe, expect, test } from "vitest";

import type { Receiver } from "../../../../src/config/webhooks.ts";
import {
  FAILURES_TO_OPEN,
  FIRST_PAUSE_MS,
  LONGEST_PAUSE_MS,
} from "../../../../src/hub/notify/circuit.ts";
import type { Notice } from "../../../../src/hub/notify/notice.ts";
import {
  GIVEN_UP_MS,
  MAX_NOTICES,
  NoticeOutbox,
  SENT_AT_ONCE,
  type Delivery,
} from "../../../../src/hub/notify/outbox.ts";
import { HubStore } from "../../../../src/hub/store.ts";
import { Sqlite } from "../../../support/sqlite.ts";

const SECRET = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;

const OPS: Receiver = {
  name: "ops",
  url: "https://hooks.example.com/ops",
  secret: SECRET,
  format: "json",
  events: undefined,
  routes: [],
};

const NOTICE: Notice = {
  event: "guard-acted",
  route: "shop",
  experiment: "checkout",
  at: 1_800_000_000_000,
  words: "12 of 240 visitors of canary had a failure.",
  version: 8,
};

/** An outbox with receivers that do as they are told, on a clock of its own. */
class World {
  now = 1_800_000_000_000;
  readonly sql = new Sqlite();
  readonly sent: Delivery[] = [];
  readonly logged: string[] = [];
  answer: () => Promise<number> | number = () => 204;
  receivers = new Map<string, Receiver>([["ops", OPS]]);
  outbox: NoticeOutbox;
  #ids = 0;

  constructor() {
    this.outbox = this.restarted();
  }

  /** The same storage with all memory lost. */
  restarted(): NoticeOutbox {
    // Makes the tables.
    void new HubStore(this.sql, (work) => this.sql.transaction(work));
    this.outbox = new NoticeOutbox({
      sql: this.sql,
      receivers: this.receivers,
      send: async (delivery) => {
        this.sent.push(delivery);
        return this.answer();
      },
      randomId: () => `id${(this.#ids += 1)}`,
      random: () => 0,
      now: () => this.now,
      log: (_level, message) => void this.logged.push(message),
    });
    return this.outbox;
  }

  /** Lets time pass from one thing that is due to the next. */
  async pass(ms: number): Promise<void> {
    const end = this.now + ms;
    for (
      let due = this.outbox.dueAt();
      due !== undefined && due <= end;
      due = this.outbox.dueAt()
    ) {
      this.now = Math.max(this.now, due);
      await this.outbox.run();
    }
    this.now = end;
  }

  get waiting(): number {
    return this.sql.exec<{ n: number }>("SELECT count(*) AS n FROM notices").toArray()[0]?.n ?? 0;
  }
}

const failing = (): Promise<number> => Promise.reject(new Error("nobody there"));

describe("a notice", () => {
  test("comes to the receiver that a guard names, signed so that the library verifies it", async () => {
    const world = new World();
    world.outbox.add(NOTICE, ["ops", "nobody"]);
    await world.pass(0);
    const [delivery] = world.sent;
    const headers: Delivery["headers"] = delivery?.headers ?? {};
    const body = delivery?.body ?? "";
    expect(delivery?.url).toBe(OPS.url);
    // The library holds a time that is far from its own clock for a replay.
    expect(() => new Webhook(SECRET).verify(body, { ...headers })).toThrow("timestamp");
    const at = new Date(world.now);
    expect(headers["webhook-signature"]).toBe(new Webhook(SECRET).sign("msg_id1", at, body));
    expect(headers).toMatchObject({
      "webhook-id": "msg_id1",
      "webhook-timestamp": String(world.now / 1000),
      "content-type": "application/json",
    });
    const { event, at: _at, ...data } = NOTICE;
    expect(JSON.parse(body)).toEqual({ type: event, timestamp: "2027-01-15T08:00:00.000Z", data });
    expect([world.sent.length, world.waiting]).toEqual([1, 0]);
  });

  test.each<[string, Partial<Receiver>, readonly string[], boolean]>([
    ["named by the guard", {}, ["ops"], true],
    ["not named", {}, [], false],
    ["who hears of such routes", { routes: ["sh*"] }, [], true],
    ["who hears of others", { routes: ["*.example.com"] }, [], false],
    ["who wants this event", { events: ["edit", "guard-acted"] }, ["ops"], true],
    ["who has muted it", { events: ["edit"] }, ["ops"], false],
    ["who wants none", { events: [] }, ["ops"], false],
  ])("for a receiver %s", async (_, receiver, named, comes) => {
    const world = new World();
    world.receivers.set("ops", { ...OPS, ...receiver });
    world.outbox.add(NOTICE, named);
    await world.pass(0);
    expect(world.sent).toHaveLength(comes ? 1 : 0);
  });

  test("that is not taken is tried again with growing waits, always as the same message", async () => {
    const world = new World();
    world.answer = () => 500;
    world.outbox.add(NOTICE, ["ops"]);
    const times: number[] = [];
    const began = world.now;
    while (times.length < 4) {
      world.now = world.outbox.dueAt() ?? Number.NaN;
      times.push(world.now - began);
      await world.outbox.run();
    }
    expect(times).toEqual([0, 5000, 35_000, 155_000]);
    expect(new Set(world.sent.map(({ headers }) => headers["webhook-id"]))).toEqual(
      new Set(["msg_id1"]),
    );
    world.answer = () => 200;
    await world.pass(GIVEN_UP_MS);
    expect([world.sent.length, world.waiting]).toEqual([5, 0]);
  });

  test("outlives a restart", async () => {
    const world = new World();
    world.answer = failing;
    world.outbox.add(NOTICE, ["ops"]);
    await world.pass(0);
    world.restarted();
    world.answer = () => 200;
    await world.pass(5000);
    expect(world.sent.map(({ headers }) => headers["webhook-id"])).toEqual(["msg_id1", "msg_id1"]);
    expect(world.waiting).toBe(0);
  });

  test("is given up after a day, and the log says so; until then it is not", async () => {
    const world = new World();
    world.answer = failing;
    world.outbox.add(NOTICE, ["ops"]);
    await world.pass(GIVEN_UP_MS - 1);
    expect([world.waiting, world.logged]).toEqual([1, []]);
    await world.pass(8_000_000);
    expect(world.waiting).toBe(0);
    expect(world.logged).toEqual(["a notice could not be delivered for a day, and is given up"]);
  });

  test("of a receiver that says it is gone, or that is configured no more, is dropped", async () => {
    const world = new World();
    world.answer = () => 410;
    world.outbox.add(NOTICE, ["ops"]);
    await world.pass(0);
    expect([world.sent.length, world.waiting]).toEqual([1, 0]);
    world.outbox.add(NOTICE, ["ops"]);
    world.receivers.clear();
    await world.pass(0);
    expect([world.sent.length, world.waiting]).toEqual([1, 0]);
  });

  test("does not follow where a receiver redirects to: that is a failure", async () => {
    const world = new World();
    world.answer = () => 302;
    world.outbox.add(NOTICE, ["ops"]);
    await world.pass(0);
    expect(world.waiting).toBe(1);
  });
});

describe("a receiver that is dead", () => {
  test("is left alone after some failures, then tried with one notice at a time", async () => {
    const world = new World();
    world.answer = failing;
    const count = 3 * SENT_AT_ONCE;
    for (let n = 0; n < count; n += 1) world.outbox.add(NOTICE, ["ops"]);
    await world.pass(0);
    const tried = world.sent.length;
    expect(tried).toBe(SENT_AT_ONCE);
    expect(tried).toBeGreaterThanOrEqual(FAILURES_TO_OPEN);
    await world.pass(FIRST_PAUSE_MS - 1);
    expect(world.sent.length).toBe(tried);
    await world.pass(60 * LONGEST_PAUSE_MS);
    // One a pause, each pause twice as long up to the longest.
    expect(world.sent.length - tried).toBeLessThan(70);
    world.answer = () => 200;
    await world.pass(2 * LONGEST_PAUSE_MS);
    expect(world.waiting).toBe(0);
  });

  test("keeps nothing from another one", async () => {
    const world = new World();
    world.receivers.set("chat", { ...OPS, name: "chat", url: "https://chat.example.com/" });
    world.answer = () => (world.sent.at(-1)?.url === OPS.url ? failing() : 200);
    for (let n = 0; n < 2 * SENT_AT_ONCE; n += 1) world.outbox.add(NOTICE, ["ops", "chat"]);
    await world.pass(FIRST_PAUSE_MS / 2);
    const rows = world.sql.exec<{ receiver: string }>("SELECT receiver FROM notices").toArray();
    expect(new Set(rows.map(({ receiver }) => receiver))).toEqual(new Set(["ops"]));
  });
});

describe("a shard", () => {
  test("keeps so many notices and no more: the oldest goes", () => {
    const world = new World();
    for (let n = 0; n <= MAX_NOTICES; n += 1) world.outbox.add({ ...NOTICE, version: n }, ["ops"]);
    expect(world.waiting).toBe(MAX_NOTICES);
    const [oldest] = world.sql
      .exec<{ notice: string }>("SELECT notice FROM notices ORDER BY number LIMIT 1")
      .toArray();
    expect(JSON.parse(oldest?.notice ?? "")).toMatchObject({ version: 1 });
  });

  test("has nothing due where nothing waits", () => {
    expect(new World().outbox.dueAt()).toBeUndefined();
  });
});
