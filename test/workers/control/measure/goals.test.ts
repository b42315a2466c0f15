import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import {
  MAX_BODY_BYTES,
  MAX_GOAL_AGE_SECONDS,
  MAX_GOAL_AHEAD_SECONDS,
  MAX_POSTED_GOALS,
} from "../../../../src/api/limits.ts";
import { MAX_GOAL_ID_CHARS } from "../../../../src/report/measured.ts";
import { A, TOKENS, api, canary, create, match } from "../api.ts";

const KEY = "with-goals";
const PATH = `/routes/${KEY}/goals`;
const DIGEST = "0123456789abcdef";
const NOW = Date.parse("2026-12-01T09:00:00Z");

beforeAll(async () => {
  const goals = [
    { name: "purchase", from: "origin" },
    { name: "revenue", from: "origin", count: "every", cap: 500 },
  ];
  await create(KEY, canary(50, { goals }));
  await create("without-goals", A);
});

const post = async (goals: unknown, more: object = {}) =>
  api("POST", PATH, { body: { goals }, now: NOW, token: TOKENS.operate, ...more });

const goal = (more: object = {}) => ({ digest: DIGEST, name: "purchase", ...more });

/** The paths of what is wrong. */
async function faults(goals: unknown): Promise<readonly [number, unknown, string[]]> {
  const { status, body } = await post(goals);
  const issues = (body["issues"] ?? []) as { path: string; message: string; fix: string }[];
  for (const { message, fix } of issues)
    expect(Math.min(message.length, fix.length)).toBeGreaterThan(5);
  return [status, body["code"], issues.map(({ path }) => path)];
}

describe("posted goals", () => {
  it("are taken, and it is told what became of them", async () => {
    const { status, body } = await post([
      goal(),
      goal({ name: "revenue", value: 49.9, id: "o-1" }),
    ]);
    expect(status).toBe(200);
    const { taken, known, unknown } = body as Record<string, number>;
    expect((taken ?? 0) + (known ?? 0) + (unknown ?? 0)).toBe(2);
  });

  it("need the role of who may act", async () => {
    expect((await post([goal()], { token: TOKENS.read })).body["code"]).toBe("forbidden");
    expect((await post([goal()], { token: TOKENS.write })).status).toBe(200);
  });

  it("are one to a thousand", async () => {
    const many = (count: number) => Array.from({ length: count }, () => goal());
    expect((await post(many(MAX_POSTED_GOALS))).status).toBe(200);
    expect(await faults(many(MAX_POSTED_GOALS + 1))).toEqual([400, "body-invalid", ["$.goals"]]);
    expect(await faults([])).toEqual([400, "body-invalid", ["$.goals"]]);
    expect(await faults(undefined)).toEqual([400, "body-invalid", ["$.goals"]]);
    expect(await faults({ 0: goal() })).toEqual([400, "body-invalid", ["$.goals"]]);
  });

  it.each([
    "0123456789ABCDEF",
    "0123456789abcde",
    "0123456789abcdef0",
    "0123456789abcdeg",
    "0123456789abcdef\n",
    " 0123456789abcdef",
    "",
    "'; DROP TABLE visitors; --",
    "__proto__",
    null,
    81985529216486,
    { toString: "0123456789abcdef" },
  ])("of the digest %j are refused", async (digest) => {
    expect(await faults([goal(), goal({ digest })])).toEqual([
      400,
      "body-invalid",
      ["$.goals[1].digest"],
    ]);
  });

  it("of a name that the policy does not have are refused by their index, all of them", async () => {
    const names = ["purchase", "purchases", "__proto__", "constructor"];
    const { status, body } = await post(names.map((name) => goal({ name })));
    expect([status, body["code"]]).toEqual([422, "unknown-goal"]);
    const issues = body["issues"] as { path: string; fix: string }[];
    expect(issues.map(({ path }) => path)).toEqual([1, 2, 3].map((n) => `$.goals[${n}].name`));
    expect(issues[0]?.fix).toBe('did you mean "purchase"?');
    const none = await api("POST", "/routes/without-goals/goals", { body: { goals: [goal()] } });
    expect(none.body["code"]).toBe("unknown-goal");
  });

  it.each([
    ["value", [0, 0.01, 1e300], [-0.01, "1", null]],
    [
      "id",
      ["x", "x".repeat(MAX_GOAL_ID_CHARS)],
      ["", "x".repeat(MAX_GOAL_ID_CHARS + 1), "a\nb", 1],
    ],
    [
      "at",
      [NOW, NOW + MAX_GOAL_AHEAD_SECONDS * 1000, NOW - MAX_GOAL_AGE_SECONDS * 1000].map((at) =>
        new Date(at).toISOString(),
      ),
      [
        ...[NOW + MAX_GOAL_AHEAD_SECONDS * 1000 + 1, NOW - MAX_GOAL_AGE_SECONDS * 1000 - 1].map(
          (at) => new Date(at).toISOString(),
        ),
        "yesterday",
        "2026-11-31T00:00:00Z",
        "2026-12-01T09:00:00",
        NOW,
      ],
    ],
    ["name", ["revenue"], ["", "x".repeat(65), 1, null]],
    ["more", [], [1]],
  ])("have a %s within bounds", async (field, good, bad) => {
    for (const value of good) expect((await post([goal({ [field]: value })])).status).toBe(200);
    for (const value of bad)
      expect(await faults([goal({ [field]: value })])).toEqual([
        400,
        "body-invalid",
        [`$.goals[0].${field}`],
      ]);
  });

  it("are refused in a body that is too large, and in one that is not JSON", async () => {
    const body = `{"goals": [], "more": "${"x".repeat(MAX_BODY_BYTES)}"}`;
    expect((await api("POST", PATH, { body })).body["code"]).toBe("body-too-large");
    const headers = { "content-type": "text/plain" };
    expect((await api("POST", PATH, { body: "{}", headers })).body["code"]).toBe(
      "unsupported-media-type",
    );
  });

  it("are those of a policy that somebody put by hand, where that rules", async () => {
    await env.ROUTING_CONFIG.put(
      "goals-by-hand",
      JSON.stringify(canary(50, { goals: [{ name: "by-hand", from: "origin" }] })),
    );
    const to = async (name: string) =>
      (await api("POST", "/routes/goals-by-hand/goals", { body: { goals: [goal({ name })] } }))
        .status;
    expect([await to("by-hand"), await to("purchase")]).toEqual([200, 422]);
  });

  it("of a deleted route have nowhere to go", async () => {
    await create("gone-goals", canary(50, { goals: [{ name: "purchase", from: "origin" }] }));
    await api("DELETE", "/routes/gone-goals", { headers: match(1) });
    const { status } = await api("POST", "/routes/gone-goals/goals", { body: { goals: [goal()] } });
    expect(status).toBe(404);
  });
});
