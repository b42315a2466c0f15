import { beforeAll, describe, expect, it, vi } from "vitest";
import { api, canary } from "../api.ts";
import { counted, digestOf, Reported } from "./reporting.ts";

const GOALS = [
  { name: "purchase", from: "origin" },
  { name: "revenue", from: "origin", count: "every", cap: 500 },
];

const VISITORS = Array.from({ length: 6 }, (_, n) => ({
  digest: digestOf(n),
  variant: n % 2 === 0 ? "stable" : "canary",
}));

beforeAll(async () => {
  const told = await Reported.create("told", canary(50, { goals: GOALS }));
  await told.tell({
    ...told.split(VISITORS, [counted("stable", 40, 2), counted("canary", 30)]),
    goals: [{ goal: "purchase", digest: digestOf(0), at: Date.now() }],
  });
  await vi.waitUntil(async () => (await lines()).length === VISITORS.length, { timeout: 30_000 });
});

const lines = async (): Promise<Record<string, unknown>[]> =>
  (await api("GET", "/routes/told/exposures")).body["lines"] as Record<string, unknown>[];

describe("what isolates reported of a split", () => {
  it("is told step by step", async () => {
    const { body } = await api("GET", "/routes/told/metrics?window=600&step=600");
    const series = body["series"] as { variant: string; points: { requests: number }[] }[];
    const requests = Object.fromEntries(
      series.map(({ variant, points }) => [
        variant,
        points.reduce((sum, one) => sum + one.requests, 0),
      ]),
    );
    expect(requests).toEqual({ stable: 42, canary: 30 });
    expect(JSON.stringify(series)).toContain('"5xx":2');
  });

  it("is concluded from", async () => {
    const { body } = await api("GET", "/routes/told/results");
    const [experiment] = body["experiments"] as Record<string, unknown>[];
    expect(experiment).toMatchObject({
      experiment: "told",
      control: "stable",
      sampleRate: 1,
      allocations: 1,
      srm: { verdict: "ok" },
      apart: { byRule: 0, olderPins: 0, unchecked: 0 },
    });
    expect(experiment?.["variants"]).toMatchObject([{ visitors: 3 }, { visitors: 3 }]);
    expect(experiment?.["verdict"]).toMatch(/\w+ .*\.$/);
  });

  it("stands in the status, with the shares in force", async () => {
    const { body } = await api("GET", "/status?prefix=told");
    const [route] = body["routes"] as Record<string, unknown>[];
    expect(route).toMatchObject({
      route: "told",
      version: 1,
      drift: false,
      experiments: [
        { experiment: "told", strategy: "canary", shares: { stable: 0.5, canary: 0.5 } },
      ],
    });
    expect(Date.now() - Date.parse(route?.["reportedAt"] as string)).toBeLessThan(60_000);
  });

  it("goes out line by line", async () => {
    const all = await lines();
    expect(all.map(({ digest }) => digest)).toEqual(VISITORS.map(({ digest }) => digest));
    expect(all[0]).toMatchObject({
      experiment: "told",
      allocation: "50/50",
      variant: "stable",
      failed: false,
      goals: { purchase: { count: 1, value: 1 } },
    });
  });
});

describe("posted goals", () => {
  const post = async (...goals: object[]) =>
    (await api("POST", "/routes/told/goals", { body: { goals } })).body;

  it("count for visitors who were met, once by their id, and for nobody else", async () => {
    const revenue = { digest: digestOf(1), name: "revenue", value: 49.9, id: "order-17" };
    const nobody = { digest: digestOf(99), name: "purchase" };
    expect(await post(revenue)).toEqual({ taken: 1, known: 0, unknown: 0 });
    expect(await post(revenue)).toEqual({ taken: 0, known: 1, unknown: 0 });
    expect(await post({ ...revenue, id: "order-18" })).toMatchObject({ taken: 1 });
    const { taken, unknown } = (await post(nobody)) as { taken: number; unknown: number };
    expect(taken + unknown).toBe(1);
    const one = (await lines()).find(({ digest }) => digest === digestOf(1));
    expect(one?.["goals"]).toEqual({ revenue: { count: 2, value: 99.8 } });
  });
});

describe("a visitor who is forgotten", () => {
  it("is in no line any more, and in no log", async () => {
    const digest = digestOf(5);
    const forget = async () => api("DELETE", `/routes/told/exposures/${digest}`);
    expect((await forget()).body).toEqual({ route: "told", digest, forgotten: true });
    expect((await lines()).map((one) => one["digest"])).not.toContain(digest);
    expect((await forget()).body).toMatchObject({ forgotten: false });
    const { body } = await api("GET", "/routes/told/audit");
    const forgets = (body["entries"] as { action: string }[]).filter(
      ({ action }) => action === "forget",
    );
    expect(forgets).toHaveLength(2);
    expect(JSON.stringify(body)).not.toContain(digest);
  });

  it.each(["0123456789abcde", "0123456789ABCDEF", "%00", "..%2f..", "x".repeat(3000)])(
    "has a digest, which %s is not",
    async (digest) => {
      const { status, body } = await api("DELETE", `/routes/told/exposures/${digest}`);
      expect([status, body["code"]]).toEqual([400, "digest-invalid"]);
    },
  );
});

it("odd names of variants stay within their line", async () => {
  const odd = 'odd "\u2028\u0085ö 💥 {}';
  const policy = {
    strategy: "weighted",
    variants: [
      { name: "plain", origin: "https://a.example.com", weight: 1 },
      { name: odd, origin: "https://b.example.com", weight: 1 },
    ],
  };
  const route = await Reported.create("told-odd", policy);
  const met = [odd, "plain"].map((variant, n) => ({ digest: digestOf(n), variant }));
  await route.tell(route.split(met));
  const variants = async () => {
    const { body } = await api("GET", "/routes/told-odd/exposures");
    return (body["lines"] as { variant: string }[]).map(({ variant }) => variant);
  };
  await expect.poll(variants).toEqual([odd, "plain"]);
});
