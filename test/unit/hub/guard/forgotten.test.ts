import { expect, test } from "vitest";

import { KEPT_GONE_MS } from "../../../../src/hub/measure/chores.ts";
import { DAY_MS } from "../../../support/measured.ts";
import { GuardedWorld } from "../../../support/guarded.ts";

test("what a guard remembers goes with the last that is kept of its split, and not while that is there", async () => {
  const world = await GuardedWorld.with();
  world.breaks();
  await world.pass(3 * DAY_MS);
  expect([world.rows("guards"), world.status().verdict]).toEqual([1, "acted"]);
  await world.edit({ kind: "delete" });
  await world.pass(KEPT_GONE_MS - DAY_MS);
  expect(world.rows("guards")).toBe(1);
  await world.pass(3 * DAY_MS);
  expect([world.rows("guards"), world.rows("guard_orders")]).toEqual([0, 0]);
});

test("so does what is remembered of a split of which nothing was counted", async () => {
  const world = await GuardedWorld.with(
    JSON.stringify({
      strategy: "blue-green",
      blue: "https://a.example.com",
      green: "https://b.example.com",
      active: "blue",
      next: { active: "green", at: "2026-01-01T00:00:00Z" },
      guard: { checks: [{ metric: "failures", max: 2 }], minVisitors: 5 },
    }),
  );
  world.tell({ watched: world.watched(40, "green", { failed: true }) });
  await world.pass(60_000);
  expect(world.byGuard).toMatchObject([{ action: "switch-back" }]);
  expect([world.rows("guards"), world.rows("experiments")]).toEqual([1, 0]);
  await world.pass(3 * DAY_MS);
  expect(world.rows("guards")).toBe(1);
  await world.edit({ kind: "put", policy: "https://a.example.com", apply: false });
  await world.pass(3 * DAY_MS);
  expect(world.rows("guards")).toBe(0);
});
