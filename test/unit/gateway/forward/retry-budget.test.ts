import { describe, expect, test } from "vitest";
import {
  BUDGET_SECONDS,
  MAX_BUDGETS,
  MIN_RETRIES_PER_SECOND,
  RETRY_SHARE,
  RetryBudgets,
} from "../../../../src/gateway/forward/retry-budget.ts";

const START = 1_000_000;

/** How many of so many retries the budget takes at a time. */
function taken(budgets: RetryBudgets, wanted: number, now: number, route = "shop"): number {
  return Array.from({ length: wanted }, () => budgets.takes(route, now)).filter(Boolean).length;
}

function withRequests(count: number, now = START): RetryBudgets {
  const budgets = new RetryBudgets();
  for (let i = 0; i < count; i += 1) budgets.request("shop", now);
  return budgets;
}

describe("retries of a route", () => {
  test("are a fifth of its requests, not one more", () => {
    expect(taken(withRequests(1000), 1000, START)).toBe(1000 * RETRY_SHARE);
  });

  test("are at least some a second, however few requests there are", () => {
    const budgets = withRequests(1);
    expect(taken(budgets, 10, START)).toBe(MIN_RETRIES_PER_SECOND);
    expect(taken(budgets, 10, START + 999)).toBe(0);
    expect(taken(budgets, 10, START + 1000)).toBe(MIN_RETRIES_PER_SECOND);
  });

  test("are counted over the last while: what is older allows and forbids nothing", () => {
    const budgets = withRequests(1000);
    taken(budgets, 1000, START);
    const later = START + BUDGET_SECONDS * 1000;
    expect(taken(budgets, 1000, later)).toBe(MIN_RETRIES_PER_SECOND);
  });

  test("are not another route's", () => {
    const budgets = withRequests(1);
    taken(budgets, 10, START);
    expect(taken(budgets, 10, START, "blog")).toBe(MIN_RETRIES_PER_SECOND);
  });
});

test("memory is bounded", () => {
  const budgets = new RetryBudgets();
  for (let i = 0; i < MAX_BUDGETS; i += 1) budgets.request(`route-${i}`, START);
  expect(budgets.size).toBe(MAX_BUDGETS);
  budgets.request("one-more", START);
  expect(budgets.size).toBe(MAX_BUDGETS);
});
