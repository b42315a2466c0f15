import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { MAX_WAITING_WATCHED } from "../../../../src/gateway/record/bounds.ts";
import { latencyBucket } from "../../../../src/lib/latency.ts";
import { readKey, type SipKey } from "../../../../src/lib/siphash.ts";
import { visitorDigest } from "../../../../src/lib/visitor-digest.ts";
import { MAX_REPORTED_WATCHED } from "../../../../src/report/guard.ts";
import { startOrigin, type Origin } from "../../../support/origin.ts";
import { HOST, INTERVAL_MS, KEY_TEXT, measured, splitsIn, type Visit } from "./world.ts";

const NOON = Date.UTC(2026, 10, 28, 12);
const WINDOW_MS = 60_000;

const KEY: SipKey = readKey(KEY_TEXT) ?? [];

let origin: Origin;

beforeAll(async () => {
  origin = await startOrigin("a", (request, response, next) =>
    request.url?.startsWith("/503") === true ? void response.writeHead(503).end() : next(),
  );
});

afterAll(async () => origin.close());

const CHECKS = [{ metric: "failures", max: 2 }];

/** Everybody gets the canary; known by a header, so that each test says who comes. */
const split = (fields: object = {}) => ({
  strategy: "canary",
  stable: origin.url,
  canary: origin.url,
  percent: 100,
  sticky: { by: [{ header: "x-user" }] },
  guard: { checks: CHECKS, windowSeconds: WINDOW_MS / 1000 },
  rescue: false,
  ...fields,
});

const blueGreen = (fields: object = {}) => ({
  strategy: "blue-green",
  blue: origin.url,
  green: origin.url,
  active: "blue",
  guard: { checks: CHECKS },
  ...fields,
});

const user = (name: string, more: Readonly<Record<string, string>> = {}): Visit => ({
  headers: { "x-user": name, "cf-connecting-ip": "192.0.2.1", ...more },
});

const from = (ip: string): Visit => ({ headers: { "cf-connecting-ip": ip } });

const digestOf = (name: string) => visitorDigest(KEY, HOST, name);
const addressOf = (network: string) => visitorDigest(KEY, "(address)", network);

const world = (policy: object) => {
  const made = measured({ [HOST]: policy });
  return {
    ...made,
    watched: async () => splitsIn(await made.reports()).flatMap(({ watched = [] }) => watched),
    unlisted: () => splitsIn(made.told()).flatMap(({ unlisted = [] }) => unlisted),
  };
};

describe("a visitor of a guarded split", () => {
  test("is told of with when they came, from where, and how long the variant took", async () => {
    const { visit, watched } = world(split());
    await visit("/", user("anna"));
    expect(await watched()).toEqual([
      {
        digest: digestOf("anna"),
        variant: "canary",
        at: NOON,
        latency: latencyBucket(0),
        address: addressOf("192.0.2.1"),
      },
    ]);
  });

  test("is told of once a window, and once more in it where the variant failed", async () => {
    const { visit, watched, clock } = world(split());
    for (let times = 0; times < 3; times += 1) {
      await visit("/", user("anna"));
      await visit("/503", user("anna"));
    }
    expect((await watched()).map(({ failed = false }) => failed)).toEqual([false, true]);
    await clock.pass(WINDOW_MS - INTERVAL_MS);
    await visit("/503", user("anna"));
    await visit("/", user("anna"));
    const again = await watched();
    expect(
      again.slice(2).map(({ at, failed = false }) => [at - NOON >= WINDOW_MS, failed]),
    ).toEqual([
      [true, true],
      [true, false],
    ]);
  });

  test.each([
    ["a guard that looks at no window", { checks: [{ metric: "srm" }] }],
    ["no guard", undefined],
  ])("is not told of with %s", async (_, guard) => {
    const { visit, watched } = world(split({ guard }));
    await visit("/503", user("anna"));
    expect(await watched()).toEqual([]);
  });

  test.each<[string, Visit]>([
    ["a crawler", user("anna", { "user-agent": "Googlebot/2.1" })],
    ["a prefetch", user("anna", { "sec-purpose": "prefetch" })],
    ["HEAD", { ...user("anna"), method: "HEAD" }],
    ["nobody that can be known", from("192.0.2.1")],
  ])("is not told of where it is %s", async (_, visitor) => {
    const { visit, watched } = world(split());
    await visit("/503", visitor);
    expect(await watched()).toEqual([]);
  });

  test("whose id was given with this answer waits until they come back, unless they open a page", async () => {
    const { visit, watched } = world(split({ sticky: { by: ["cookie"] } }));
    await visit("/", from("192.0.2.1"));
    expect(await watched()).toEqual([]);
    await visit("/", { headers: { "sec-fetch-dest": "document" } });
    expect(await watched()).toHaveLength(1);
  });

  test("whose id is invented is not told of", async () => {
    const { visit, watched } = world(split({ sticky: { by: ["cookie"] } }));
    await visit("/503", { headers: { cookie: `sy=1.${"A".repeat(22)}.0.0` } });
    await visit("/503", { headers: { cookie: `sy=1.${"B".repeat(22)}xxxxx.0.0` } });
    expect(await watched()).toEqual([]);
  });

  test("known by address counts once, whoever shares it", async () => {
    const { visit, watched } = world(split({ sticky: { by: ["ip"] } }));
    for (const ip of ["2001:db8:0:1::1", "2001:db8:0:1::2", "2001:db8:0:2::1"])
      await visit("/", from(ip));
    const seen = await watched();
    expect(seen.map(({ digest }) => digest)).toEqual([
      addressOf("2001:db8:0:1"),
      addressOf("2001:db8:0:2"),
    ]);
    expect(seen.map(({ address }) => address)).toEqual(seen.map(({ digest }) => digest));
  });

  test("has no latency where another variant answered, or none", async () => {
    const down = await startOrigin("down");
    await down.close();
    const { visit, watched } = world(split({ canary: down.url, rescue: true }));
    expect((await visit("/", user("anna"))).status).toBe(200);
    expect(await watched()).toEqual([
      expect.not.objectContaining({ latency: expect.anything() as unknown }),
    ]);
  });

  test("of a switch is known by address, and told of in no result", async () => {
    const { visit, watched, told } = world(blueGreen());
    await visit("/503", from("192.0.2.1"));
    await visit("/", { ...from("192.0.2.2"), method: "HEAD" });
    await visit("/", from("192.0.2.3"));
    expect(await watched()).toMatchObject([
      { digest: addressOf("192.0.2.1"), variant: "blue", failed: true },
      { digest: addressOf("192.0.2.3"), variant: "blue" },
    ]);
    expect(splitsIn(told()).flatMap(({ visitors = [] }) => visitors)).toEqual([]);
  });
});

describe("more visitors than a report takes", () => {
  test("wait for the next one, and of those beyond them it is told how many came", async () => {
    const { visit, watched, unlisted, told, clock } = world(split());
    const more = 7;
    for (let times = 0; times < 2; times += 1)
      for (let n = 0; n < MAX_WAITING_WATCHED + more; n += 1) {
        await visit("/", user(`v${n}`));
        // What is left for behind responses gets its turn.
        await clock.pass(0);
      }
    await visit("/503", user("late"));
    await watched();
    for (const { routes } of told())
      for (const { splits = [] } of routes)
        for (const { watched: seen = [] } of splits)
          expect(seen.length).toBeLessThanOrEqual(MAX_REPORTED_WATCHED);
    for (let reports = 0; reports < MAX_WAITING_WATCHED / MAX_REPORTED_WATCHED; reports += 1)
      await watched();
    expect(new Set((await watched()).map(({ digest }) => digest)).size).toBe(MAX_WAITING_WATCHED);
    const [one, ...others] = unlisted();
    expect(others).toEqual([]);
    expect(one).toMatchObject({ variant: "canary", window: Math.floor(NOON / WINDOW_MS) });
    // Whom the memory forgot for another one is counted once more.
    expect(one?.count).toBeGreaterThanOrEqual(more);
    expect(one?.count).toBeLessThan(10 * more);
  });
});
