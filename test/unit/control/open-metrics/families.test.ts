import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { familiesOf, OTHER_ROUTE } from "../../../../src/control/open-metrics/families.ts";
import { metricsText } from "../../../../src/control/open-metrics/text.ts";
import { isRouteKey } from "../../../../src/policy/keys.ts";
import { RELEASE } from "../../../../src/lib/release.ts";
import { latencies, shard, totals } from "./totals.ts";

const NOW = Date.UTC(2026, 10, 28, 12);

const linesOf = (...shards: Parameters<typeof familiesOf>[0]) =>
  metricsText(familiesOf(shards, "1.2.3", NOW), "openMetrics").split("\n");

describe("the families of metrics", () => {
  const lines = linesOf(
    shard([totals("shop", "control"), totals("shop", "treatment", { goals: { purchase: 7 } })]),
    shard([totals("other.example", "origin")], {
      other: 12,
      reportedAt: { "other.example": NOW - 2500 },
    }),
    undefined,
  );
  const labels = 'route="shop",experiment="shop",variant="treatment"';

  test.each([
    `switchyard_requests_total{${labels},counted="true"} 90`,
    `switchyard_requests_total{${labels},counted="false"} 10`,
    `switchyard_responses_total{${labels},class="5xx"} 2`,
    `switchyard_failures_total{${labels},kind="network"} 1`,
    `switchyard_failures_total{${labels},kind="status"} 2`,
    `switchyard_rescued_total{${labels}} 1`,
    `switchyard_latency_seconds_count{${labels}} 4`,
    `switchyard_latency_seconds_sum{${labels}} 0.445`,
    `switchyard_share_ratio{${labels}} 0.5`,
    `switchyard_visitors{${labels}} 40`,
    `switchyard_goal_visitors{${labels},goal="purchase"} 7`,
    `switchyard_srm_p{${labels}} 0.4`,
    'switchyard_report_age_seconds{route="other.example"} 2.5',
    `switchyard_requests_total{route="${OTHER_ROUTE}",experiment="",variant="",counted="false"} 12`,
    'switchyard_hub_up{shard="1"} 1',
    'switchyard_hub_up{shard="2"} 0',
    'switchyard_build_info{version="1.2.3"} 1',
  ])("have %s", (line) => {
    expect(lines).toContain(line);
  });

  test("have each name in one place", () => {
    const names = lines.filter((line) => line.startsWith("# TYPE"));
    expect(new Set(names).size).toBe(names.length);
    expect(isRouteKey(OTHER_ROUTE)).toBe(false);
  });

  test("leave out what nobody has", () => {
    const text = linesOf(shard([])).join("\n");
    expect(text).not.toContain("switchyard_requests");
    expect(text).toContain("switchyard_build_info");
  });

  test("count a time in each bucket from its own bound on, and those above all bounds in +Inf alone", () => {
    const latency = latencies([1, 60, 61_000, 200_000]);
    const buckets = linesOf(shard([totals("shop", "a", { latency })]))
      .filter((line) => line.startsWith("switchyard_latency_seconds_bucket"))
      .map((line) => {
        const [, le = "", count = ""] = /le="([^"]+)"\} (\d+)$/.exec(line) ?? [];
        return [le === "+Inf" ? Infinity : Number(le), Number(count)] as const;
      });
    expect(buckets).toHaveLength(21);
    expect(buckets.at(-1)).toEqual([Infinity, 4]);
    for (const [le, count] of buckets) {
      const atMost = [0.001, 0.06, 61, 200].filter((seconds) => seconds <= le).length;
      expect(count, `le ${le}`).toBe(atMost);
    }
    expect(buckets.map(([le]) => le)).toEqual(buckets.map(([le]) => le).toSorted((a, b) => a - b));
  });

  test("know the release that package.json has", async () => {
    const text = await readFile(new URL("../../../../package.json", import.meta.url), "utf8");
    expect((JSON.parse(text) as { version: string }).version).toBe(RELEASE);
  });
});
