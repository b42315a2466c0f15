import { createHash } from "node:crypto";
import type { CookieJar } from "tough-cookie";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BASE } from "../../../src/api/base.ts";
import { readKey } from "../../../src/lib/siphash.ts";
import { visitorDigest } from "../../../src/lib/visitor-digest.ts";
import { startFleet, type TestFleet } from "../../support/gateway.ts";
import { openJar, visit, type VisitOptions } from "../../support/jar.ts";
import { startOrigin, type Origin } from "../../support/origin.ts";

const ROUTE = "exact.localhost";
const KEY = "00112233445566778899aabbccddeeff";
const TOKEN = "a-token-of-these-tests";

const POLICY = (one: string, other: string) => ({
  strategy: "weighted",
  experiment: "buttons",
  visitorHeader: true,
  variants: [
    { name: "plain", origin: one, weight: 50 },
    { name: "bold", origin: other, weight: 50 },
  ],
  goals: [
    { name: "purchase", match: { path: "/done" } },
    { name: "revenue", from: "origin", count: "every", cap: 100 },
  ],
});

/** A bare "Mozilla/5.0" is a crawler's. */
const FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

const VISITORS = 60;

/** What a visitor did; the test's own books. */
interface Booked {
  readonly variant: string;
  readonly id: string;
  readonly bought: boolean;
  readonly spent: number;
  readonly failed: boolean;
}

describe("what a known crowd does", () => {
  let fleet: TestFleet;
  let origins: Origin[];
  const books: Booked[] = [];

  beforeAll(async () => {
    origins = await Promise.all(
      ["plain", "bold"].map(async (name) =>
        startOrigin(name, (request, response, next) => {
          if (request.url === "/broken") {
            response.writeHead(500).end("broken");
            return;
          }
          const [, order] = /^\/pay\?order=(\w+)$/.exec(request.url ?? "") ?? [];
          if (order !== undefined)
            response.setHeader("x-switchyard-goal", `revenue; value=70; id=${order}, unheard-of`);
          next();
        }),
      ),
    );
    const sha256 = createHash("sha256").update(TOKEN).digest("hex");
    fleet = await startFleet({
      policies: {},
      vars: { MEMORY_TTL_SECONDS: "1", REPORT_INTERVAL_SECONDS: "1" },
      secrets: { VISITOR_KEY: KEY },
      admin: {
        secrets: {
          ADMIN_TOKENS: JSON.stringify([{ name: "tests", sha256, role: "write", scope: "*" }]),
        },
      },
    });
    const [one, other] = origins;
    await api(`routes/${ROUTE}`, {
      method: "PUT",
      headers: { "content-type": "application/json", "if-none-match": "*" },
      body: JSON.stringify({ policy: POLICY(one?.url ?? "", other?.url ?? "") }),
    });
  });

  afterAll(async () => {
    await fleet?.close();
    await Promise.all(origins.map(async (origin) => origin.close()));
  });

  const api = async (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`${fleet.control.url}${BASE}/${path}`, {
      ...init,
      headers: { authorization: `Bearer ${TOKEN}`, ...(init.headers as object) },
    });

  const ask = async (path: string, jar: CookieJar, options: VisitOptions = {}) =>
    visit(`${fleet.url}${path}`, {
      host: ROUTE,
      jar,
      ...options,
      headers: { "sec-fetch-dest": "document", "user-agent": FIREFOX, ...options.headers },
    });

  async function live(index: number): Promise<Booked> {
    const jar = openJar();
    const first = await ask("/", jar);
    const [cookie = ""] = first.headers["set-cookie"] ?? [];
    const booked = {
      variant: first.header("x-variant") ?? "",
      id: /^sy=1\.([\w-]{22})[\w-]{5}\./.exec(cookie)?.[1] ?? "",
      bought: index % 3 === 0,
      spent: index % 4 === 0 ? 70 : index % 4 === 1 ? 100 : 0,
      failed: index % 6 === 0,
    };
    if (booked.bought) for (const _ of [1, 2]) await ask("/done", jar);
    // The same order told twice counts once; two orders count up to the cap.
    if (booked.spent > 0) for (const _ of [1, 2]) await ask(`/pay?order=one${index}`, jar);
    if (booked.spent === 100) await ask(`/pay?order=two${index}`, jar);
    if (booked.spent > 0)
      await ask("/", jar, { headers: { "x-switchyard-goal": "revenue; value=1000" } });
    if (booked.failed) await ask("/broken", jar);
    return booked;
  }

  const results = async () => {
    const response = await api(`routes/${ROUTE}/results`);
    expect(response.status).toBe(200);
    return (await response.json()) as {
      experiments: {
        experiment: string;
        control: string;
        sampleRate: number;
        srm: { verdict: string };
        variants: { variant: string; visitors: number; failed: number; expected: number }[];
        apart: { unchecked: number };
        goals: {
          goal: string;
          variants: { variant: string; visitors: number; conversions: number; sum?: number }[];
        }[];
        verdict: string;
      }[];
    };
  };

  const by = (variant: string) => books.filter((one) => one.variant === variant);

  test("is told as it was", async () => {
    for (let index = 0; index < VISITORS; index += 1) books.push(await live(index));
    expect(books.every(({ id }) => id !== "")).toBe(true);
    const seen = async () =>
      (await results()).experiments[0]?.variants.reduce((sum, { visitors }) => sum + visitors, 0);
    await expect.poll(seen).toBe(VISITORS);
    const [experiment] = (await results()).experiments;
    expect(experiment).toMatchObject({ experiment: "buttons", control: "plain", sampleRate: 1 });
    for (const variant of ["plain", "bold"]) {
      expect(experiment?.variants.find((one) => one.variant === variant)).toMatchObject({
        visitors: by(variant).length,
        expected: VISITORS / 2,
        failed: by(variant).filter(({ failed }) => failed).length,
      });
    }
  });

  test("reaches goals once each, and values are added up to their cap", async () => {
    const told = async (goal: string) =>
      (await results()).experiments[0]?.goals.find((one) => one.goal === goal)?.variants;
    for (const variant of ["plain", "bold"]) {
      const bought = by(variant).filter((one) => one.bought).length;
      const spent = by(variant).filter((one) => one.spent > 0);
      await expect
        .poll(async () => told("purchase"))
        .toContainEqual(expect.objectContaining({ variant, conversions: bought }));
      await expect
        .poll(async () => told("revenue"))
        .toContainEqual(expect.objectContaining({ variant, conversions: spent.length }));
    }
  });

  test("stands line by line in the exposures, by the digests that origins were told", async () => {
    const response = await api(`routes/${ROUTE}/exposures`);
    expect(response.headers.get("content-type")).toContain("application/x-ndjson");
    const lines = (await response.text())
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as { digest: string; variant: string; failed: boolean });
    const key = readKey(KEY);
    if (key === undefined) throw new Error("the key is one");
    const booked = books.map(({ id, variant, failed }) => ({
      digest: visitorDigest(key, ROUTE, id),
      variant,
      failed,
    }));
    const sorted = <T extends { digest: string }>(all: readonly T[]) =>
      all.toSorted((a, b) => (a.digest < b.digest ? -1 : 1));
    expect(sorted(lines)).toMatchObject(sorted(booked));
    const heard = origins.flatMap(({ requests }) =>
      requests.flatMap(({ headers }) => headers["x-switchyard-visitor"] ?? []),
    );
    expect(new Set(heard)).toEqual(new Set(booked.map(({ digest }) => digest)));
  });

  test("adds up in the metrics, request by request", async () => {
    const sent = origins.map(({ requests }) => requests.length);
    const total = async () => {
      const response = await api(`routes/${ROUTE}/metrics?window=3600&step=60`);
      const { series } = (await response.json()) as {
        series: { variant: string; points: { requests: number; failures: number }[] }[];
      };
      return ["plain", "bold"].map((variant) =>
        series
          .filter((one) => one.variant === variant)
          .flatMap(({ points }) => points)
          .reduce((sum, { requests }) => sum + requests, 0),
      );
    };
    await expect.poll(total).toEqual(sent);
  });

  test("cannot be joined by whoever invents an id, keeps none, or was never drawn", async () => {
    const before = (await results()).experiments[0]?.variants;
    const invented = "1.AAAAAAAAAAAAAAAAAAAAAA.mj2k0000.mj2k0000";
    const forged = "1.BBBBBBBBBBBBBBBBBBBBBBAAAAA.mj2k0000.mj2k0000";
    for (const cookie of [invented, forged])
      await ask("/done", openJar(), { headers: { cookie: `sy=${cookie}` } });
    // No navigation: the id may never come back.
    await ask("/done", openJar(), { headers: { "sec-fetch-dest": "empty" } });
    await ask("/done", openJar(), { method: "HEAD" });
    await ask("/done", openJar(), { headers: { "user-agent": "Googlebot/2.1" } });
    await ask("/done", openJar(), { headers: { "sec-purpose": "prefetch" } });
    const unchecked = async () => (await results()).experiments[0]?.apart.unchecked;
    await expect.poll(unchecked).toBe(2);
    expect((await results()).experiments[0]?.variants).toEqual(before);
  });
});
