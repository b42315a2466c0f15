import { afterEach, describe, expect, it, vi } from "vitest";
import { connect } from "../../../src/api/client/connect.ts";
import { putRoute } from "../../../src/api/client/edits.ts";
import { previewRoute } from "../../../src/api/client/reads.ts";
import { answer } from "../../../src/control/router.ts";
import { rememberingPlanner, PLAN_KEPT_MS } from "../../../src/ledger/planner.ts";
import { plan } from "../../../src/preview/plan.ts";
import { A, TOKENS, admin, api, canary, config, create, match, testEnv } from "./api.ts";

/** What was asked of any ledger, call by call. */
const calls: string[] = [];

function counted(ledgers: DurableObjectNamespace): DurableObjectNamespace {
  const stubOf = (name: string) =>
    new Proxy(ledgers.getByName(name), {
      get: (stub, method: string) => {
        calls.push(method);
        const real: unknown = Reflect.get(stub, method);
        return typeof real === "function"
          ? (...values: unknown[]): unknown => Reflect.apply(real, stub, values)
          : real;
      },
    });
  return { getByName: stubOf } as unknown as DurableObjectNamespace;
}

const { LEDGER } = testEnv;
if (LEDGER === undefined) throw new Error("no binding");
const env = { ...testEnv, LEDGER: counted(LEDGER) } as typeof testEnv;

afterEach(() => {
  calls.length = 0;
  vi.restoreAllMocks();
});

describe("one request makes one call of the ledger", () => {
  it.each<[string, string, string, object | undefined, Record<string, string>]>([
    ["a PUT of a new route", "PUT", "", { policy: A }, { "if-none-match": "*" }],
    ["a PUT", "PUT", "", { policy: canary(7) }, match("*")],
    ["a PATCH", "PATCH", "", { policy: { percent: 9 } }, match("*")],
    ["an action", "POST", "/actions/abort", {}, match("*")],
    ["a rollback", "POST", "/rollback", { version: 1 }, match("*")],
    ["a preview", "POST", "/preview", { policy: canary(7) }, {}],
    ["a diff", "GET", "/diff", undefined, {}],
    ["a diff of two versions", "GET", "/diff?from=0&to=1", undefined, {}],
    ["a republish", "POST", "/republish", {}, match("*")],
    ["a DELETE", "DELETE", "", {}, match("*")],
  ])("%s", async (what, method, below, body, headers) => {
    const key = what.replaceAll(/\W/g, "-");
    if (!what.includes("new")) await create(key, canary(5));
    const { status } = await api(method, `/routes/${key}${below}`, { env, headers, body });
    expect(status).toBeLessThan(300);
    expect(calls).toHaveLength(1);
  });
});

describe("applying a hundred routes", () => {
  it("plans once and commits once a route, and what says the same is only looked at", async () => {
    vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) =>
      answer(new Request(input, init), undefined, admin, {
        env,
        config,
        now: () => Date.now(),
        sleep: async (ms, signal) => scheduler.wait(ms, { signal }),
        log: () => {},
      }),
    );
    const client = connect({ url: "https://gateway.example.com", token: TOKENS.write });
    const keys = Array.from({ length: 100 }, (_, n) => `applied-${n}`);
    const apply = async (key: string, policy: unknown): Promise<void> => {
      const told = await previewRoute(client, key, { policy, apply: true });
      const from = told.etag === null ? undefined : told.from;
      if (!told.same) await putRoute(client, key, policy, { from, apply: true });
    };
    for (const key of keys) await apply(key, A);
    expect(calls.toSorted()).toEqual([...keys.map(() => "edit"), ...keys.map(() => "preview")]);
    calls.length = 0;
    for (const key of keys) await apply(key, A);
    expect(calls).toEqual(keys.map(() => "preview"));
  });
});

describe("a plan", () => {
  it("made for a preview is good for the edit after it, for a while, and for no other", () => {
    let made = 0;
    const planner = rememberingPlanner((...given) => {
      made += 1;
      return plan(...given);
    });
    const before = "https://a.example.com";
    const after = "https://b.example.com";
    const first = planner("k", before, after, { now: 1000 });
    expect(planner("k", before, after, { now: 1000 + PLAN_KEPT_MS - 1 })).toBe(first);
    expect(made).toBe(1);
    planner("k", before, after, { now: 1000 + PLAN_KEPT_MS });
    expect(made).toBe(2);
    planner("k", after, before, { now: 1000 + PLAN_KEPT_MS });
    planner("k", after, before, { now: 1000, request: { url: "https://x.example.com/k" } });
    expect(made).toBe(4);
  });
});
