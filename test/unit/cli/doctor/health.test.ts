import { describe, expect, test } from "vitest";

import type { Health } from "../../../../src/api/health-form.ts";
import { healthFindings, MAX_SKEW_MS, SILENT_MS } from "../../../../src/cli/doctor/health.ts";
import { pageFinding } from "../../../../src/cli/doctor/gateway.ts";
import { RELEASE } from "../../../../src/lib/release.ts";
import { healthy } from "../stand-in.ts";

const URL = "https://control.example.com";
const well = healthy();
const AT = Date.parse(well.at);
type Parts = Health["parts"];

const findings = (parts: Partial<Parts> = {}, { here = AT, isFree = false, url = URL } = {}) =>
  healthFindings(url, healthy(parts), here, isFree);
const notWell = (...args: Parameters<typeof findings>) =>
  findings(...args).filter(({ level }) => level !== "ok");

const config = (change: Partial<Parts["config"]>) => ({
  config: { ...well.parts.config, ...change },
});
const hub = (change: Partial<Parts["hub"]>) => ({ hub: { ...well.parts.hub, ...change } });
const failing = { status: "failing", words: "it does not answer", ms: 1 } as const;

describe("what the control plane says of itself", () => {
  test("is well, part by part", () => {
    expect(notWell()).toEqual([]);
    expect(new Set(findings().map(({ part }) => part))).toEqual(
      new Set(["control", "config", "kv", "ledger", "hub", "reports", "version", "clock"]),
    );
  });

  test.each([
    ["KV fails", { kv: failing }, "kv", "wrong"],
    ["the ledger fails", { ledger: failing }, "ledger", "wrong"],
    ["a shard fails", hub({ status: "failing" }), "hub", "wrong"],
    ["a shard fills itself", hub({ status: "warn" }), "hub", "hint"],
    ["there is no hub", hub({ status: "off", reportedAt: null }), "hub", "hint"],
    ["nobody reported", hub({ reportedAt: null }), "reports", "hint"],
    ["there is no VISITOR_KEY", config({ visitorKey: false }), "config", "hint"],
    ["there is no OVERRIDE_SECRET", config({ overrideSecret: false }), "config", "hint"],
    ["there is no SESSION_KEY", config({ sessionKey: false }), "config", "hint"],
    ["nothing slows callers down", config({ limiter: false }), "config", "hint"],
    ["private origins are allowed", config({ privateOrigins: true }), "config", "wrong"],
    [
      "the gateway is older",
      { version: { ...well.parts.version, gateways: ["0.0.1"] } },
      "version",
      "hint",
    ],
  ] satisfies [string, Partial<Parts>, string, string][])(
    "tells with a fix that %s",
    (_, parts, part, level) => {
      expect(notWell(parts)).toEqual([
        {
          part,
          level,
          what: expect.any(String) as string,
          fix: expect.stringMatching(/./) as string,
        },
      ]);
    },
  );

  test("does not mind on this machine what is for tests", () => {
    const here = { url: "http://127.0.0.1:8788" };
    expect(notWell(config({ privateOrigins: true, limiter: false }), here)).toEqual([]);
  });

  test("is told when reports have ceased, on the minute", () => {
    const since = (ms: number) => hub({ reportedAt: new Date(AT - ms).toISOString() });
    expect(notWell(since(SILENT_MS))).toEqual([]);
    expect(notWell(since(SILENT_MS + 1))).toMatchObject([
      { part: "reports", what: "no gateway has reported for 5 minutes" },
    ]);
  });

  test("is held against this machine's clock", () => {
    expect(notWell({}, { here: AT + MAX_SKEW_MS })).toEqual([]);
    expect(notWell({}, { here: AT - MAX_SKEW_MS })).toEqual([]);
    const ahead = notWell({}, { here: AT + MAX_SKEW_MS + 1000 });
    expect(ahead).toMatchObject([{ part: "clock", level: "wrong" }]);
    expect(ahead[0]?.what).toContain("6 s ahead of");
    expect(notWell({}, { here: AT - MAX_SKEW_MS - 1 })[0]?.what).toContain("5 s behind");
  });

  test("is held against the free plan where that is asked", () => {
    const free = { isFree: true };
    const limited = (hubDailyReports: number) => config({ hubDailyReports });
    expect(notWell()).toEqual([]);
    expect(notWell({}, free)[0]?.fix).toContain('HUB_DAILY_REPORTS to "25000"');
    expect(notWell(limited(25_001), free)).toHaveLength(1);
    expect(notWell(limited(25_000), free)).toEqual([]);
  });

  test("tells which share is of an older gateway, and where several versions of its Worker serve", () => {
    const serving = [
      { release: RELEASE, worker: "w2", share: 0.9 },
      { release: "0.0.9", worker: "w1", share: 0.1 },
    ];
    const version = { status: "warn", words: "", control: RELEASE } as const;
    const mixed = notWell({ version: { ...version, gateways: ["0.0.9", RELEASE], serving } });
    expect(mixed).toMatchObject([{ part: "version", level: "hint" }]);
    expect(mixed[0]?.what).toContain("(0.0.9, 10.0 % of the isolates that report)");
    expect(mixed[0]?.fix).toContain("npm run deploy");
    const same = serving.map((one) => ({ ...one, release: RELEASE }));
    const told = findings({ version: { ...version, gateways: [RELEASE], serving: same } });
    expect(told.find(({ part }) => part === "version")).toMatchObject({
      level: "ok",
      what: expect.stringContaining("in 2 versions of its Worker: w2 90.0 %, w1 10.0 %") as string,
    });
  });

  test("names the release that all are of", () => {
    expect(findings().find(({ part }) => part === "version")?.what).toContain(RELEASE);
  });
});

describe("a page of the gateway", () => {
  const page = (status: number, more: object = {}) =>
    pageFinding("https://x.example/", {
      status,
      servedBy: "switchyard",
      source: "memory",
      text: "",
      ...more,
    });

  test.each([
    ["memory", "ok"],
    ["kv", "ok"],
    ["hub", "ok"],
    ["colo", "wrong"],
    ["snapshot", "wrong"],
  ])("served by a policy out of %s is %s", (source, level) => {
    expect(page(200, { source })).toMatchObject({ level });
  });

  test("says what the edge's errors mean of an origin", () => {
    expect(page(521)).toMatchObject({
      level: "wrong",
      what: "https://x.example/ answers 521: the origin refused the connection",
    });
    expect(page(530, { text: "error code: 1016" }).what).toBe(
      "https://x.example/ answers 530, error 1016: the origin's name cannot be resolved",
    );
    expect(page(530, { text: "error code: 1777" }).what).toContain("530, error 1777: ");
    expect(page(403, { text: "error code: 1020" })).toMatchObject({ level: "wrong" });
    // A page may speak of such codes.
    expect(page(200, { text: "Error 1016" })).toMatchObject({ level: "ok" });
  });

  test("that fails is wrong, and one that nobody signs is told", () => {
    expect(page(502)).toMatchObject({ level: "wrong" });
    expect(page(404)).toMatchObject({ level: "ok" });
    expect(page(200, { source: undefined, servedBy: undefined })).toMatchObject({ level: "hint" });
  });
});
