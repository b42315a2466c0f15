import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { MAX_ROWS } from "../../../../src/gateway/record/bounds.ts";
import { latencyBucket } from "../../../../src/lib/latency.ts";
import { visitorDigest } from "../../../../src/lib/visitor-digest.ts";
import type { ReadReport } from "../../../../src/report/decode.ts";
import {
  MAX_REPORTED_GOALS,
  MAX_REPORTED_MINUTES,
  MAX_REPORTED_SPLITS,
  MAX_REPORTED_VISITORS,
  type VariantCounts,
} from "../../../../src/report/measured.ts";
import { MAX_REPORT_CHARS } from "../../../../src/report/wire.ts";
import { cookieOf, evenly, idOf, KEY, traffic } from "./traffic.ts";
import { check } from "../../../support/property.ts";
import { goalsIn, HOST, INTERVAL_MS, splitsIn, visitorsIn } from "./world.ts";

const MINUTE_MS = 60_000;

/** A request of somebody, and how it ends. */
const request = fc.record({
  visitor: fc.nat(30),
  status: fc.constantFrom(200, 302, 404, 503),
  failure: fc.constantFrom(undefined, "network" as const, "timeout" as const, 503, "down" as const),
  method: fc.constantFrom("GET", "HEAD"),
});

type Request = typeof request extends fc.Arbitrary<infer T> ? T : never;

/** All that was counted of variants. */
const countsIn = (reports: readonly ReadReport[]): VariantCounts[] =>
  splitsIn(reports).flatMap(({ minutes }) => minutes.flatMap(({ variants }) => variants));

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

/** Requests that were told of. */
const requestsIn = (reports: readonly ReadReport[]): number =>
  sum(
    countsIn(reports).map(
      ({ counted, others }) => (counted?.requests ?? 0) + (others?.requests ?? 0),
    ),
  );

describe("minutes", () => {
  test("are told apart, by the clock of the isolate", async () => {
    const world = traffic({ [HOST]: evenly(["a"]) });
    await world.reports();
    world.go();
    world.clock.set(world.clock.now() + MINUTE_MS);
    world.go();
    world.go();
    const minutes = splitsIn(await world.reports()).flatMap((split) => split.minutes);
    const [first, second] = minutes;
    expect((second?.minute ?? 0) - (first?.minute ?? 0)).toBe(1);
    expect(minutes.map(({ variants }) => variants[0]?.counted?.requests)).toEqual([1, 2]);
  });

  test("beyond five that wait are told as the oldest of the five", async () => {
    const world = traffic({ [HOST]: evenly(["a"]) });
    world.hub.fails = true;
    world.go();
    await world.clock.pass(INTERVAL_MS);
    const begin = Math.floor(world.clock.now() / MINUTE_MS);
    for (let minute = 0; minute < 8; minute += 1) {
      for (let count = 0; count <= minute; count += 1) world.go();
      await world.clock.pass(MINUTE_MS);
    }
    world.hub.fails = false;
    world.go();
    await world.clock.pass(3 * MINUTE_MS);
    const minutes = splitsIn(world.told()).flatMap((split) => split.minutes);
    const waited = minutes.slice(0, MAX_REPORTED_MINUTES);
    expect(waited.map(({ minute }) => minute - begin)).toEqual([4, 5, 6, 7, 8]);
    expect(waited.map(({ variants }) => variants[0]?.counted?.requests)).toEqual([16, 6, 7, 8, 1]);
  });
});

describe("what is told", () => {
  test("is one split under two allocations, where the shares change", async () => {
    const start = Date.UTC(2026, 10, 28, 12, 1);
    const ramp = { startAt: new Date(start).toISOString(), steps: [{ percent: 10 }] };
    const policy = {
      strategy: "canary",
      stable: "https://a.example",
      canary: "https://b.example",
      ramp,
    };
    const world = traffic({ [HOST]: policy });
    world.go();
    world.clock.set(start);
    world.go();
    const splits = splitsIn(await world.reports());
    const labels = splits
      .filter(({ minutes }) => minutes.length > 0)
      .map(({ allocation }) => allocation.label);
    expect(labels).toEqual(["100/0", "90/10"]);
  });

  test("is the bucket of a latency", async () => {
    const world = traffic({ [HOST]: evenly(["a"]) });
    await world.reports();
    world.go();
    const [counts] = countsIn(await world.reports());
    expect(counts?.counted?.latency).toEqual([latencyBucket(0), 1]);
  });

  test("are names with odd characters as they are", async () => {
    const names = ['a"b', "é", "\\", "日本", "x".repeat(64)];
    const world = traffic({ [HOST]: evenly(names) });
    for (let visitor = 0; visitor < 200; visitor += 1) world.go({ cookie: cookieOf(visitor) });
    const told = new Set(countsIn(await world.reports()).map(({ variant }) => variant));
    expect(told).toEqual(new Set(names));
  });

  test("is what was served, whatever becomes of reports", async () => {
    const step = fc.oneof(
      request,
      fc.constantFrom("fails" as const, "works" as const),
      fc.nat(3 * MINUTE_MS),
    );
    await check(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const world = traffic({ [HOST]: evenly(["a", "b"]) });
        const served = { requests: 0, failures: 0, status: [0, 0, 0, 0], counted: 0 };
        const met = new Set<string>();
        const serve = ({ visitor, status, failure, method }: Request) => {
          const decision = world.go({ cookie: cookieOf(visitor), status, failure, method });
          served.requests += 1;
          served.failures += failure === undefined ? 0 : 1;
          served.counted += decision.counted ? 1 : 0;
          const at = Math.floor(status / 100) - 2;
          served.status[at] = (served.status[at] ?? 0) + 1;
          const digest = visitorDigest(KEY, HOST, idOf(visitor));
          if (decision.counted) met.add(`${digest} ${decision.variant.name}`);
        };
        for (const one of steps) {
          if (typeof one === "number") await world.clock.pass(one);
          else if (typeof one === "string") world.hub.fails = one === "fails";
          else serve(one);
        }
        // Who serves on reports what a failing hub has not heard.
        world.hub.fails = false;
        for (let turn = 0; turn < 4; turn += 1) {
          serve({ visitor: 0, status: 200, failure: undefined, method: "GET" });
          await world.clock.pass(MINUTE_MS);
        }
        const counts = countsIn(world.told());
        const halves = counts
          .flatMap(({ counted, others }) => [counted, others])
          .filter((half) => half !== undefined);
        expect({
          requests: sum(halves.map(({ requests }) => requests)),
          failures: sum(halves.flatMap(({ failures = [] }) => failures)),
          status: [0, 1, 2, 3].map((at) => sum(halves.map(({ status }) => status[at] ?? 0))),
          counted: sum(counts.map(({ counted }) => counted?.requests ?? 0)),
        }).toEqual(served);
        expect(sum(counts.flatMap(({ reasons }) => Object.values(reasons)))).toBe(served.requests);
        expect(sum(halves.flatMap(({ latency }) => latency.filter((_, at) => at % 2 === 1)))).toBe(
          served.requests,
        );
        const told = visitorsIn(world.told()).map(({ digest, variant }) => `${digest} ${variant}`);
        expect(new Set(told)).toEqual(met);
      }),
      { runs: 60 },
    );
  });
});

describe("a report", () => {
  /** Twenty splits of two variants each below a path-map. */
  const twenty = {
    strategy: "path-map",
    paths: Object.fromEntries(
      Array.from({ length: 20 }, (_, index) => [`/area-${index}`, evenly(["stable", "canary"])]),
    ),
  };

  test("of 20 splits with 100 visitors takes 16 KB at most", async () => {
    const world = traffic({ [HOST]: twenty });
    world.go({ path: "/area-0" });
    await world.reports();
    for (let visitor = 0; visitor < MAX_REPORTED_VISITORS; visitor += 1) {
      world.clock.set(world.clock.now() + (visitor % 7) * 3);
      world.go({ path: `/area-${visitor % 20}`, cookie: cookieOf(visitor) });
    }
    await world.reports();
    const [text = ""] = world.sent
      .filter((one) => one.text.includes('"digest":"'))
      .map((one) => one.text)
      .slice(-1);
    expect(visitorsIn(world.told())).toHaveLength(MAX_REPORTED_VISITORS);
    expect(text.length).toBeLessThanOrEqual(16_384);
    expect(text.length).toBeGreaterThan(10_000);
  });

  test("tells of 100 visitors, of every split in turn, and the rest later", async () => {
    const world = traffic({ [HOST]: twenty });
    await world.reports();
    for (let visitor = 0; visitor < 500; visitor += 1) {
      world.go({ path: `/area-${visitor < 400 ? 0 : 1}`, cookie: cookieOf(visitor) });
      if (visitor % 100 === 0) await world.clock.pass(0);
    }
    const by = async () => {
      world.go({ path: "/area-0" });
      const before = world.told().length;
      await world.reports();
      return world
        .told()
        .slice(before)
        .map((report) => {
          const lines = visitorsIn([report]);
          return [lines.length, new Set(lines.map(({ experiment }) => experiment)).size];
        });
    };
    expect((await by())[0]).toEqual([MAX_REPORTED_VISITORS, 2]);
    for (let turn = 0; turn < 8; turn += 1) await by();
    const digests = visitorsIn(world.told()).map(({ digest }) => digest);
    expect(digests).toHaveLength(500);
    expect(new Set(digests).size).toBe(500);
  });

  test("tells of 100 goals, and the rest later", async () => {
    const goals = [{ name: "any", match: { path: "/*" } }];
    const world = traffic({ [HOST]: evenly(["a", "b"], { goals }) });
    await world.reports();
    for (let visitor = 0; visitor < 150; visitor += 1) world.go({ cookie: cookieOf(visitor) });
    await world.reports();
    world.go();
    await world.reports();
    for (const report of world.told())
      expect(goalsIn([report]).length).toBeLessThanOrEqual(MAX_REPORTED_GOALS);
    expect(goalsIn(world.told())).toHaveLength(150);
  });

  test("of the largest policies never takes more than the hub reads, and loses nothing", async () => {
    const names = Array.from({ length: 64 }, (_, index) => `${index}${"é".repeat(60)}`);
    const keys = Array.from({ length: 5 }, (_, index) => `shop-${index}.example.com`);
    const world = traffic(
      Object.fromEntries(
        keys.map((key) => [
          key,
          { strategy: "path-map", paths: { "/a": evenly(names), "/b": evenly(names) } },
        ]),
      ),
    );
    let served = 0;
    for (let turn = 0; turn < 12; turn += 1) {
      for (const key of keys)
        for (let visitor = 0; visitor < 200; visitor += 1) {
          world.go({ key, path: visitor % 2 === 0 ? "/a" : "/b", cookie: cookieOf(visitor) });
          served += 1;
        }
      await world.clock.pass(MINUTE_MS / 4);
    }
    for (let turn = 0; turn < 100; turn += 1) {
      for (const key of keys) world.go({ key, path: "/a" });
      served += keys.length;
      await world.clock.pass(INTERVAL_MS);
    }
    for (const { text } of world.sent) expect(text.length).toBeLessThanOrEqual(MAX_REPORT_CHARS);
    expect(requestsIn(world.told())).toBe(served);
  });

  test("tells 64 splits of a route apart, and counts the requests of all", async () => {
    const paths = Object.fromEntries(
      Array.from({ length: MAX_REPORTED_SPLITS + 1 }, (_, index) => [`/p${index}`, evenly(["a"])]),
    );
    const world = traffic({ [HOST]: { strategy: "path-map", paths } });
    for (let index = 0; index <= MAX_REPORTED_SPLITS; index += 1) world.go({ path: `/p${index}` });
    const reports = await world.reports();
    expect(new Set(splitsIn(reports).map(({ experiment }) => experiment)).size).toBe(
      MAX_REPORTED_SPLITS,
    );
    const routes = reports.flatMap((report) => report.routes);
    expect(sum(routes.map(({ requests = 0 }) => requests))).toBe(MAX_REPORTED_SPLITS + 1);
  });

  test("counts in so many rows at most, and in all of them again once they were told", async () => {
    const names = Array.from({ length: 64 }, (_, index) => `v${index}`);
    const keys = Array.from({ length: MAX_ROWS / 64 + 1 }, (_, index) => `s${index}.example.com`);
    const world = traffic(Object.fromEntries(keys.map((key) => [key, evenly(names)])));
    for (const key of keys) world.go({ key });
    await world.reports();
    expect(requestsIn(world.told())).toBe(keys.length - 1);
    const last = keys.at(-1) ?? "";
    for (let turn = 0; turn < 3; turn += 1) {
      world.go({ key: last });
      await world.reports();
    }
    expect(requestsIn(world.told())).toBeGreaterThanOrEqual(keys.length);
  });
});
