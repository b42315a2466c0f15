import { describe, expect, test } from "vitest";
import type { Config } from "../../../../src/config/gateway.ts";
import type { UpstreamResult } from "../../../../src/gateway/forward/failover.ts";
import type { Platform } from "../../../../src/gateway/platform.ts";
import {
  MAX_INDEX_BYTES,
  record,
  RECORD_VERSION,
  recordForwarded,
} from "../../../../src/gateway/record/record.ts";
import { Allocations } from "../../../../src/gateway/record/allocations.ts";
import { factsFrom } from "../../../property/arbitraries/facts.ts";
import { decisionOf, nodePlatform } from "../forward/upstream.ts";

/** The row of one visit to the only variant with weight, whatever its name. */
function rowOf(name: string, key = "shop.example.com", others: readonly string[] = []) {
  const rows: AnalyticsEngineDataPoint[] = [];
  recordInto((row = {}) => void rows.push(row), name, key, others);
  return rows[0];
}

/** Records that visit; what was logged. */
function recordInto(
  writeDataPoint: AnalyticsEngineDataset["writeDataPoint"],
  name = "green",
  key = "shop.example.com",
  others: readonly string[] = [],
) {
  const platform = nodePlatform();
  const decision = decisionOf({
    strategy: "weighted",
    variants: [name, ...others].map((each, index) => ({
      name: each,
      origin: "https://one.example.com",
      weight: index === 0 ? 1 : 0,
    })),
  });
  const upstream = { variant: decision.variant, primaryFailure: undefined } as UpstreamResult;
  const gateway = {
    metrics: { writeDataPoint },
    config: { visitorKey: undefined } as Config,
    allocations: new Allocations(),
  };
  const facts = factsFrom();
  recordForwarded(gateway, { ...asked(key, platform), facts }, decision, upstream);
  return platform.lines;
}

/** A request that was answered in 25 ms. */
const asked = (key: string, { log }: Pick<Platform, "log">) =>
  ({
    route: { key, version: "0123abcd" },
    incoming: { now: 1000, request: new Request("https://shop.example.com/") },
    status: 200,
    now: 1025,
    log,
  }) as unknown as Parameters<typeof record>[1];

describe("the row of a request", () => {
  test("that cannot be written is told to the log, and to nobody else", () => {
    const lines = recordInto(() => {
      throw new TypeError("the binding is broken");
    });
    expect(lines.map(({ level, message }) => [level, message])).toEqual([
      ["warn", "a row could not be written"],
    ]);
  });

  test("says what its column map says", () => {
    expect(rowOf("green", "shop.example.com", ["blue"])).toEqual({
      indexes: ["shop.example.com/green"],
      blobs: [
        RECORD_VERSION,
        "shop.example.com",
        "0123abcd",
        "green",
        "green",
        "split",
        "",
        "GET",
        "route",
        "100/0",
        "",
        "no-key",
      ],
      doubles: [200, 25, 1, 1],
    });
  });

  test("that ended at the gateway has no variant, and what was done as its reason", () => {
    const rows: unknown[] = [];
    const writeDataPoint = (row: unknown) => void rows.push(row);
    record({ writeDataPoint }, asked("shop.example.com", nodePlatform()), { reason: "redirect" });
    expect(rows).toEqual([
      {
        indexes: ["shop.example.com/"],
        blobs: [
          RECORD_VERSION,
          "shop.example.com",
          "0123abcd",
          "",
          "",
          "redirect",
          "",
          "GET",
          "",
          "",
          "",
          "",
        ],
        doubles: [200, 25, 0, 0],
      },
    ]);
  });

  test("names no experiment where one variant is all there is", () => {
    expect(rowOf("green")?.blobs?.slice(8, 10)).toEqual(["", ""]);
  });

  test.each([
    ["plain", "v".repeat(64)],
    ["far from ASCII", "漢".repeat(64)],
  ])("has an index of %s names within the platform's bytes", (_, name) => {
    const [index = null] = rowOf(name, `${"h".repeat(60)}.example.com`)?.indexes ?? [];
    const text = typeof index === "string" ? index : "";
    expect(new TextEncoder().encode(text)).toHaveLength(MAX_INDEX_BYTES);
  });
});
