import type { GuardStatus } from "../../../../src/cli/measure/shapes.ts";

/** A guard with a check of each kind, whose ramp is on its way, and which took something back an hour ago. */
export const GUARD: GuardStatus = {
  verdict: "watching",
  words:
    "failures are too few to tell: 3 of 10 visitors with one so far, all else is within its limits.",
  checks: [
    {
      metric: "failures",
      limits: "max",
      variant: "bold",
      value: 0.412,
      limit: 2,
      visitors: 5120,
      verdict: "healthy",
    },
    {
      metric: "failures",
      limits: "maxIncrease",
      variant: "bold",
      value: 0.0666667,
      limit: 1,
      visitors: 5120,
      verdict: "watching",
      missing: "7 more visitors with a failure, from as many addresses",
    },
    {
      metric: "latency",
      limits: "maxMs",
      quantile: 0.95,
      variant: "calm",
      value: 1042.4,
      limit: 800,
      visitors: 60,
      verdict: "acted",
    },
    {
      metric: "latency",
      limits: "maxIncrease",
      quantile: 0.999,
      variant: "calm",
      value: 12.25,
      limit: 25,
      visitors: 60,
      verdict: "healthy",
    },
    {
      metric: "srm",
      limits: "p",
      variant: "bold",
      value: 0.412,
      limit: 0.001,
      visitors: 5120,
      verdict: "alerted",
    },
    {
      metric: "goal",
      limits: "maxDrop",
      goal: "purchase",
      variant: null,
      value: null,
      limit: 5,
      visitors: 0,
      verdict: "watching",
      missing: "100 visitors a variant",
    },
  ],
  ramp: { step: 1, steps: 5, missing: "12 more minutes, and 4 visitors" },
  acted: {
    at: "2026-12-01T10:58:20.000Z",
    action: "abort",
    evidence:
      "bold failed 41 of 512 visitors (8.0 %), control 3 of 1 530 (0.2 %), limit 1 point above the control",
  },
};
