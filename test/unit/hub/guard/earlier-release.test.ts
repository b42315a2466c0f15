import { expect, test } from "vitest";

import { MIGRATIONS } from "../../../../src/hub/migrations.ts";
import { GuardedWorld } from "../../../support/guarded.ts";

/** The number of the step that knows an order's action by that name. */
const STEP = MIGRATIONS.findIndex((step) => step.includes("$.order.action")) + 1;

function made(world: GuardedWorld): unknown {
  const [row] = world.sql.exec<{ made: string }>("SELECT made FROM guard_orders").toArray();
  return JSON.parse(row?.made ?? "null");
}

test("a shard of the release before brings what its guard had ordered, as a deed, to the ledger", async () => {
  const world = await GuardedWorld.with();
  world.trouble = "unreachable";
  world.breaks();
  await world.pass(5000);
  const [route] = world.sql.exec<{ route: number }>("SELECT route FROM guard_orders").toArray();
  const order = { key: world.key, version: 1, node: "", deed: { kind: "abort" }, evidence: "ill" };
  world.sql.exec("DELETE FROM migrations WHERE number >= ?", STEP);
  world.sql.exec(
    `INSERT OR REPLACE INTO guard_orders (route, experiment, made, attempts, retry_at)
       VALUES (?, ?, ?, 0, ?)`,
    route?.route ?? 0,
    world.key,
    JSON.stringify({ order, checks: [] }),
    world.now,
  );
  world.crash();
  expect(made(world)).toEqual({ order: { ...order, action: { kind: "abort" } }, checks: [] });
  world.trouble = "none";
  await world.pass(60_000);
  expect(world.byGuard).toMatchObject([{ version: 2, action: "abort", note: "ill" }]);
  expect(world.noticed).toMatchObject([{ words: "The guard aborted the canary. ill" }]);
  expect(world.rows("guard_orders")).toBe(0);
});

test("a release that is gone back to finds the deed of an order", async () => {
  const world = await GuardedWorld.with();
  world.trouble = "unreachable";
  world.breaks();
  await world.pass(5000);
  expect(made(world)).toMatchObject({
    order: { action: { kind: "abort" }, deed: { kind: "abort" } },
  });
});
