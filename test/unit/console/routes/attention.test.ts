import { expect, test } from "vitest";

import {
  chosen,
  FAILING_SHARE,
  isFailing,
  isMarked,
  seen,
} from "../../../../src/console/pages/routes/attention.ts";
import type { RouteStatus } from "../../../../src/console/pages/routes/chain.ts";

type Experiment = RouteStatus["experiments"][number];

const experiment = (over: Partial<Experiment> = {}): Experiment => ({
  experiment: "shop",
  strategy: "canary",
  shares: { stable: 0.9, canary: 0.1 },
  requestsPerMinute: 60,
  failureShare: {},
  srm: "ok",
  guard: null,
  verdict: "Too early.",
  ...over,
});

const route = (key: string, over: Partial<RouteStatus> = {}) =>
  seen({
    page: 0,
    status: {
      route: key,
      version: 1,
      reportedAt: null,
      drift: false,
      experiments: [experiment()],
      ...over,
    },
  });

const failing = (key: string, share: number) =>
  route(key, { experiments: [experiment({ failureShare: { stable: 0, canary: share } })] });

test("the worst variant of all experiments is named, and its experiment shown", () => {
  const two = route("shop", {
    experiments: [
      experiment({ failureShare: { stable: 0.01 } }),
      experiment({ experiment: "shop/api", failureShare: { stable: 0.002, canary: 0.2 } }),
    ],
  });
  expect(two.worst).toEqual({ experiment: "shop/api", variant: "canary", share: 0.2 });
  expect(two.shown?.experiment).toBe("shop/api");
  expect(two.requestsPerMinute).toBe(120);
});

test("without failures the first experiment is shown; without experiments none", () => {
  expect(route("shop").shown?.experiment).toBe("shop");
  expect(route("shop").worst).toBeUndefined();
  const single = route("single", { experiments: [] });
  expect(single.shown).toBeUndefined();
  expect(single.requestsPerMinute).toBe(0);
});

test("a route fails from one in a hundred on", () => {
  expect(isFailing(failing("shop", FAILING_SHARE))).toBe(true);
  expect(isFailing(failing("shop", FAILING_SHARE - 1e-9))).toBe(false);
  expect(isFailing(route("shop"))).toBe(false);
});

test("what is not as it should be is marked, the worst first", () => {
  const marked = route("shop", {
    drift: true,
    experiments: [experiment({ srm: "alert", guard: "healthy" })],
  });
  expect(marked.marks.map(({ word }) => word)).toEqual(["split is off", "drift", "guard healthy"]);
  expect(isMarked(marked)).toBe(true);
  expect(isMarked(route("shop", { experiments: [experiment({ guard: "watching" })] }))).toBe(false);
  for (const guard of ["alerted", "acted"] as const)
    expect(isMarked(route("shop", { experiments: [experiment({ guard })] }))).toBe(true);
  expect(isMarked(route("shop", { experiments: [experiment({ srm: "warn" })] }))).toBe(true);
});

const CHANGE = { at: "2026-12-01T12:10:00.000Z", shares: { stable: 0.75, canary: 0.25 } };

test.each([
  ["scheduled", 0, "ramp set", "◷", "has yet to begin"],
  ["running", 1, "ramp 1/3", "↗", "goes on by the clock"],
  ["waiting", 1, "ramp waits", "⇡", "stands until its next step is earned"],
  ["paused", 2, "ramp paused", "‖", "stands until somebody resumes it"],
] as const)("a ramp that is %s has a mark", (state, begun, word, sign, says) => {
  const ramping = route("shop", {
    experiments: [experiment({ guard: "healthy", ramp: { state, begun, steps: 3 }, next: CHANGE })],
  });
  const [mark, guard] = ramping.marks;
  expect(mark).toMatchObject({ word, sign, tone: "accent" });
  expect(mark?.title).toContain(`shop: the ramp is at step ${begun} of 3, and ${says}. From `);
  expect(mark?.title).toContain("stable 75 %, canary 25 %");
  // It comes before what is quiet, and is not as bad as what is not as it should be.
  expect(guard?.word).toBe("guard healthy");
  expect(isMarked(ramping)).toBe(false);
});

test("a cut-over to come has a mark, and a ramp at its end has none", () => {
  const cutOver = route("shop", { experiments: [experiment({ next: CHANGE })] });
  expect(cutOver.marks).toMatchObject([{ word: "change due", sign: "◷" }]);
  const done = { state: "done", begun: 3, steps: 3 } as const;
  expect(route("shop", { experiments: [experiment({ ramp: done })] }).marks).toEqual([]);
  const leased = route("shop", { experiments: [experiment({ ramp: done, next: CHANGE })] });
  expect(leased.marks).toMatchObject([{ word: "change due" }]);
});

test("routes are found by a part of their key, in whatever case, and keep their order", () => {
  const routes = [route("Shop.example"), route("app.example"), route("workshop")];
  const all = { show: "all", order: "route" } as const;
  const keys = (q: string) => chosen(routes, { ...all, q }).map(({ status }) => status.route);
  expect(keys("")).toEqual(["Shop.example", "app.example", "workshop"]);
  expect(keys(" SHOP ")).toEqual(["Shop.example", "workshop"]);
  expect(keys("none")).toEqual([]);
});

test("those that fail most, are asked most or are marked worst come first", () => {
  const drifted = route("drifted", { drift: true });
  const acted = route("acted", { experiments: [experiment({ guard: "acted" })] });
  const busy = route("busy", { experiments: [experiment({ requestsPerMinute: 900 })] });
  const routes = [failing("a", 0.02), busy, failing("b", 0.5), drifted, acted];
  const first = (order: "failures" | "requests" | "marks", show: "all" | "failing" = "all") =>
    chosen(routes, { q: "", show, order }).map(({ status }) => status.route);
  expect(first("failures").slice(0, 2)).toEqual(["b", "a"]);
  expect(first("failures", "failing")).toEqual(["b", "a"]);
  expect(first("requests")[0]).toBe("busy");
  expect(first("marks")).toEqual(["acted", "drifted", "b", "a", "busy"]);
});
