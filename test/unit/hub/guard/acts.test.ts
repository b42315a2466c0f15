import { describe, expect, test } from "vitest";

import { FIRST_RETRY_MS, LONGEST_RETRY_MS } from "../../../../src/hub/guard/orders.ts";
import { HURRIED_MS, STORED_MS } from "../../../../src/hub/measure/storing.ts";
import { canary } from "../../../support/measured.ts";
import { GUARDED, GuardedWorld, guardOf, INCREASE } from "../../../support/guarded.ts";

const HOUR_MS = 3_600_000;

describe("a canary that fails", () => {
  test("is taken back at once, by one edit with what was found", async () => {
    const world = await GuardedWorld.with();
    const from = world.now;
    world.breaks();
    await world.pass(5000);
    expect(world.byGuard).toMatchObject([{ version: 2, author: "guard", action: "abort" }]);
    expect(world.byGuard[0]?.note).toMatch(/20 of 40 visitors of canary had a failure/);
    expect(world.policy()).toMatchObject({ percent: 0 });
    expect(world.byGuard[0]?.at).toBe(from);
    expect(world.noticed).toMatchObject([
      { event: "guard-acted", route: world.key, version: 2, receivers: ["ops"] },
    ]);
    expect(world.noticed[0]?.words).toMatch(/^The guard aborted the canary\. 20 of 40/);
    expect(world.status()).toMatchObject({
      verdict: "acted",
      checks: [{ metric: "failures", limits: "maxIncrease", variant: "canary", verdict: "acted" }],
      acted: { action: "abort", at: new Date(from).toISOString() },
    });
    await world.pass(HOUR_MS);
    expect([world.sent.length, world.noticed.length]).toEqual([1, 1]);
    expect(world.status().verdict).toBe("acted");
  });

  test("waits for no store: visitors with a failure are stored within two seconds, others within ten", async () => {
    const world = await GuardedWorld.with();
    world.tell({ visitors: world.visitors(2, "stable") });
    await world.pass(500);
    world.tell({ visitors: world.visitors(2, "stable") });
    await world.pass(HURRIED_MS);
    expect(world.sql.exec("SELECT * FROM visitors").toArray()).toHaveLength(2);
    await world.pass(STORED_MS - HURRIED_MS - 500);
    expect(world.sql.exec("SELECT * FROM visitors").toArray()).toHaveLength(4);
    await world.pass(500);
    world.breaks();
    const from = world.now;
    await world.pass(HURRIED_MS - 501);
    expect(world.sent).toEqual([]);
    await world.pass(1);
    expect(world.byGuard.map(({ at }) => at - from)).toEqual([HURRIED_MS - 500]);
  });

  test("is judged once a second, however many reports there are", async () => {
    const world = await GuardedWorld.with();
    world.trouble = "unreachable";
    const reads: string[] = [];
    world.sql.before = (query) => {
      if (query.includes("FROM guards")) reads.push(query);
    };
    for (let n = 0; n < 50; n += 1) world.tell({ visitors: world.visitors(1, "canary") });
    // Once to hear since when the roll-out counts.
    expect(reads).toHaveLength(2);
    await world.pass(999);
    expect(reads).toHaveLength(2);
    await world.pass(1);
    expect(reads).toHaveLength(3);
  });

  test.each([
    ["a control that fails as well", { stable: 20, canary: 20 }],
    ["too few visitors with a failure", { stable: 0, canary: 4 }],
  ])("is left alone with %s", async (_what, failing) => {
    const world = await GuardedWorld.with();
    for (const variant of ["stable", "canary"] as const)
      world.tell({
        visitors: [...world.failing(failing[variant], variant), ...world.visitors(20, variant)],
      });
    await world.pass(HOUR_MS);
    expect([world.sent, world.noticed]).toEqual([[], []]);
    expect(world.status().verdict).toBe("watching");
  });

  test("is left alone where all who fail come from too few addresses, or nobody is drawn", async () => {
    const world = await GuardedWorld.with();
    world.tell({ visitors: [...world.failing(50, "canary", { address: "0123456789abcdef" })] });
    world.tell({ visitors: world.failing(50, "canary", { exposure: "rule" }) });
    world.tell({ visitors: world.visitors(100, "stable") });
    await world.pass(60_000);
    expect(world.sent).toEqual([]);
    expect(world.status()).toMatchObject({ verdict: "watching" });
    expect(world.status().words).toMatch(/1 different addresses with a failure, of 5/);
    world.tell({ visitors: world.failing(3, "canary") });
    await world.pass(60_000);
    expect(world.sent).toEqual([]);
    world.tell({ visitors: world.failing(1, "canary") });
    await world.pass(60_000);
    expect(world.byGuard).toHaveLength(1);
  });

  test("is sent nobody more by the action that the guard names", async () => {
    const world = await GuardedWorld.with(
      canary(50, guardOf([INCREASE], { action: "force-control" })),
    );
    world.breaks();
    await world.pass(5000);
    expect(world.byGuard).toMatchObject([{ action: "force" }]);
    expect(world.policy()).toMatchObject({ force: "stable" });
  });

  test("is found again after a restart, by addresses that are counted anew", async () => {
    const world = await GuardedWorld.with();
    const together = { address: "0123456789abcdef" };
    world.tell({ visitors: world.failing(40, "canary", together) });
    world.tell({ visitors: [...world.failing(3, "canary"), ...world.visitors(40, "stable")] });
    await world.pass(STORED_MS);
    world.crash();
    world.tell({ visitors: world.failing(4, "canary") });
    await world.pass(STORED_MS);
    expect(world.sent).toEqual([]);
    world.tell({ visitors: world.failing(1, "canary") });
    await world.pass(STORED_MS);
    expect(world.byGuard).toHaveLength(1);
  });
});

describe("an order", () => {
  test("is sent again with growing pauses until the ledger answers, and told of meanwhile", async () => {
    const world = await GuardedWorld.with();
    world.trouble = "unreachable";
    world.breaks();
    await world.pass(0);
    expect(world.sent).toHaveLength(1);
    await world.pass(FIRST_RETRY_MS - 1);
    expect(world.sent).toHaveLength(1);
    await world.pass(1);
    expect(world.sent).toHaveLength(2);
    await world.pass(2 * FIRST_RETRY_MS);
    expect(world.sent).toHaveLength(3);
    expect(world.status()).toMatchObject({ verdict: "watching" });
    expect(world.status().words).toMatch(/would have aborted the canary; .* not answer 3 times/);
    await world.pass(HOUR_MS);
    const before = world.sent.length;
    await world.pass(LONGEST_RETRY_MS);
    expect(world.sent.length).toBe(before + 1);
    expect(new Set(world.sent.map((order) => JSON.stringify(order))).size).toBe(1);
    expect(world.logged).toContain("a guard's order is not carried out yet; trying again");
    expect([world.byGuard, world.noticed]).toEqual([[], []]);
    world.trouble = "none";
    await world.pass(LONGEST_RETRY_MS);
    expect(world.byGuard).toHaveLength(1);
    expect(world.notices("guard-acted")).toHaveLength(1);
    await world.pass(HOUR_MS);
    expect(world.sent.length).toBe(before + 2);
  });

  test("is carried out once where answers are lost", async () => {
    const world = await GuardedWorld.with();
    world.trouble = "answer-lost";
    world.breaks();
    await world.pass(4000);
    expect(world.byGuard).toHaveLength(1);
    expect(world.noticed).toEqual([]);
    world.trouble = "none";
    await world.pass(HOUR_MS);
    expect(world.byGuard).toHaveLength(1);
    expect(world.notices("guard-acted")).toMatchObject([{ version: 2 }]);
    expect(world.status()).toMatchObject({ verdict: "acted", acted: { action: "abort" } });
  });

  test("outlives the hub between verdict and edit, and is carried out once", async () => {
    const world = await GuardedWorld.with();
    world.breaks();
    expect(world.rows("guard_orders")).toBe(1);
    world.crash();
    await world.pass(5000);
    expect(world.byGuard).toHaveLength(1);
    expect(world.notices("guard-acted")).toHaveLength(1);
    expect(world.rows("guard_orders")).toBe(0);
    world.crash();
    await world.pass(HOUR_MS);
    expect([world.sent.length, world.status().verdict]).toEqual([1, "acted"]);
  });

  test("for a version that somebody has just replaced is forgotten, and the newer one is judged", async () => {
    const world = await GuardedWorld.with();
    world.breaks();
    // A person is quicker.
    await world.write(canary(40, guardOf([INCREASE])));
    await world.pass(5000);
    expect(world.sent.map(({ version }) => version)).toEqual([2]);
    expect(world.byGuard).toMatchObject([{ version: 3, action: "abort" }]);
  });

  test("for a version that is not the ledger's newest any more changes nothing until that one is heard of", async () => {
    const world = await GuardedWorld.with();
    world.isDeaf = true;
    await world.write(canary(40, guardOf([INCREASE])));
    world.isDeaf = false;
    // A report of an isolate that is behind as well.
    const visitors = [...world.failing(20, "canary"), ...world.visitors(20, "stable")];
    world.tell({ visitors });
    await world.pass(10_000);
    for (let n = 0; n < 5; n += 1) {
      world.breaks(5);
      await world.pass(5000);
    }
    expect(world.sent.map(({ version }) => version)).toEqual([1]);
    world.core.publish({ key: world.key, version: 2, text: world.text, at: world.now });
    await world.pass(10_000);
    expect(world.sent.map(({ version }) => version)).toEqual([1, 2]);
    expect(world.byGuard).toMatchObject([{ version: 3 }]);
  });

  test("that the ledger refuses is told of once, and no more is asked of this version", async () => {
    const world = await GuardedWorld.with();
    // Somebody wrote to KV by hand, and the hub has not looked yet.
    world.kv.set(world.key, { text: '"https://by-hand.example.com"', metadata: null });
    world.breaks();
    await world.pass(5000);
    world.breaks();
    await world.pass(HOUR_MS);
    expect(world.sent).toHaveLength(1);
    expect(world.notices("guard-refused")).toMatchObject([{ version: 1, receivers: ["ops"] }]);
    expect(world.notices("guard-refused")[0]?.words).toMatch(/the ledger refused \(.+\)/);
    expect(world.logged.filter((line) => line.includes("refuses"))).toHaveLength(1);
    expect(world.status()).toMatchObject({ verdict: "alerted", checks: [{ verdict: "alerted" }] });
    expect(world.status().words).toMatch(/refused what the guard asked for \(.+\)/);
  });
});

test("what was put by hand keeps a guard from acting until somebody puts the version over it again", async () => {
  const world = await GuardedWorld.with();
  const written = world.kv.get(world.key);
  world.kv.set(world.key, { text: '"https://by-hand.example.com"', metadata: null });
  world.breaks();
  await world.pass(5000);
  expect(world.notices("guard-refused")).toHaveLength(1);
  await world.ledger.republish({
    expects: { want: "any" },
    author: "ada",
    note: "",
    override: true,
  });
  expect(world.kv.get(world.key)?.text).toBe(written?.text);
  world.breaks();
  await world.pass(60_000);
  expect(world.byGuard).toMatchObject([{ version: 2, action: "abort" }]);
  expect(world.notices("guard-refused")).toHaveLength(1);
});

describe("an alert", () => {
  const ALERTING = canary(50, guardOf([INCREASE], { action: "alert" }));

  test("changes nothing, and is told once a version and check", async () => {
    const world = await GuardedWorld.with(ALERTING);
    for (let n = 0; n < 3; n += 1) {
      world.breaks();
      await world.pass(20_000);
    }
    world.crash();
    world.breaks();
    await world.pass(HOUR_MS);
    expect(world.sent).toEqual([]);
    expect(world.noticed).toMatchObject([
      { event: "guard-alerted", version: 1, experiment: world.key, receivers: ["ops"] },
    ]);
    expect(world.status()).toMatchObject({ verdict: "alerted", checks: [{ verdict: "alerted" }] });
    expect(world.status().words).toMatch(/visitors of canary had a failure/);
    await world.write(canary(60, guardOf([INCREASE], { action: "alert" })));
    await world.pass(5000);
    expect(world.noticed.map(({ version }) => version)).toEqual([1, 2]);
  });

  test("is all there is over a text put by hand", async () => {
    const world = await GuardedWorld.with(ALERTING);
    const text = canary(30, guardOf([INCREASE]));
    world.kv.set(world.key, { text, metadata: null });
    await world.pass(300_000);
    const held = { key: world.key, version: 0, digest: "1".repeat(16) };
    world.report({ isolate: "by-hand", sequence: 1, routes: [held] });
    await world.pass(20_000);
    expect(world.core.store.head(world.key)?.byHand).toBeDefined();
    world.breaks();
    await world.pass(20_000);
    expect([world.sent.length, world.notices("guard-alerted").length]).toEqual([0, 1]);
  });
});

test("a guard is told of in results, status and totals while it waits for visitors", async () => {
  const world = await GuardedWorld.with(GUARDED);
  expect(world.status()).toMatchObject({ verdict: "watching", checks: [{ value: null }] });
  expect(world.core.asked(0).totals(["*"])).toMatchObject({
    guards: [],
  });
  world.tell({ visitors: world.visitors(30, "stable") });
  const { guards } = world.core.asked(0).totals(["*"]);
  expect(guards).toMatchObject([{ route: world.key, experiment: world.key }]);
  const page = world.core.asked(0).status({ prefix: "", after: "", limit: 10 });
  expect(page.routes[0]?.experiments[0]?.guard).toBe("watching");
});
