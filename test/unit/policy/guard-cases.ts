import type { Case } from "./common-fields.ts";

const failures = { metric: "failures", maxIncrease: 1 };
const latency = { metric: "latency", quantile: 0.95 };
const goal = { metric: "goal", goal: "purchase", maxDrop: 5 };
const checks = [failures];

/** Good and bad values of `guard`, on a canary of a route with the goal `purchase`. */
export const GUARD: Case = [
  [
    { checks },
    { checks: [{ metric: "failures", max: 0 }] },
    { checks: [{ metric: "failures", max: 99.99 }, failures] },
    { checks: [{ ...latency, maxMs: 1 }] },
    { checks: [{ ...latency, quantile: 0.999, maxIncrease: 0.1 }] },
    { checks: [{ metric: "srm" }] },
    { checks: [goal, { ...goal, maxDrop: 100 }] },
    { checks, windowSeconds: 10, minVisitors: 1, action: "abort" },
    { checks, action: "force-control", control: "stable", notify: [] },
    { checks, action: "alert", earn: false, notify: ["ops", "shop"] },
  ],
  [
    [true, ""],
    [null, ""],
    [[failures], ""],
    [{}, ".checks"],
    [{ checks: [] }, ".checks"],
    [{ checks: failures }, ".checks"],
    [{ checks: ["failures"] }, ".checks[0]"],
    [{ checks: [{}] }, ".checks[0].metric"],
    [{ checks: [{ metric: "errors" }] }, ".checks[0].metric"],
    [{ checks: [{ metric: "constructor" }] }, ".checks[0].metric"],
    [{ checks: [{ metric: "failures" }] }, ".checks[0]"],
    [{ checks: [{ ...failures, max: 2 }] }, ".checks[0]"],
    [{ checks: [{ metric: "failures", max: -1 }] }, ".checks[0].max"],
    [{ checks: [{ metric: "failures", max: 100 }] }, ".checks[0].max"],
    [{ checks: [{ metric: "failures", maxIncrease: 100 }] }, ".checks[0].maxIncrease"],
    [{ checks: [{ metric: "failures", maxIncrease: "1" }] }, ".checks[0].maxIncrease"],
    [{ checks: [{ ...failures, quantile: 0.5 }] }, ".checks[0].quantile"],
    [{ checks: [latency] }, ".checks[0]"],
    [{ checks: [{ ...latency, maxMs: 800, maxIncrease: 25 }] }, ".checks[0]"],
    [{ checks: [{ metric: "latency", maxMs: 800 }] }, ".checks[0].quantile"],
    [{ checks: [{ ...latency, maxMs: 800, quantile: 0 }] }, ".checks[0].quantile"],
    [{ checks: [{ ...latency, maxMs: 800, quantile: 1 }] }, ".checks[0].quantile"],
    [{ checks: [{ ...latency, maxMs: 800, quantile: 95 }] }, ".checks[0].quantile"],
    [{ checks: [{ ...latency, maxMs: 0 }] }, ".checks[0].maxMs"],
    [{ checks: [{ ...latency, maxIncrease: 0 }] }, ".checks[0].maxIncrease"],
    [{ checks: [{ metric: "srm", max: 1 }] }, ".checks[0].max"],
    [{ checks: [{ metric: "goal", goal: "purchase" }] }, ".checks[0].maxDrop"],
    [{ checks: [{ ...goal, maxDrop: 0 }] }, ".checks[0].maxDrop"],
    [{ checks: [{ ...goal, maxDrop: 100.1 }] }, ".checks[0].maxDrop"],
    [{ checks, windowSeconds: 9 }, ".windowSeconds"],
    [{ checks, windowSeconds: 10.5 }, ".windowSeconds"],
    [{ checks, minVisitors: 0 }, ".minVisitors"],
    [{ checks, action: "rollback" }, ".action"],
    [{ checks, control: "stabel" }, ".control"],
    [{ checks, control: 1 }, ".control"],
    [{ checks, earn: "yes" }, ".earn"],
    [{ checks, notify: "ops" }, ".notify"],
    [{ checks, notify: [""] }, ".notify[0]"],
    [{ checks, interval: 5 }, ".interval"],
  ],
];
