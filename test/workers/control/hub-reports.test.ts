import { createExecutionContext } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import type { ControlEnv } from "../../../src/config/control.ts";
import { HubReports } from "../../../src/control/hub-reports.ts";
import { SHARDS, shardOf } from "../../../src/report/shard.ts";
import { MAX_REPORT_CHARS, OVER_BUDGET } from "../../../src/report/wire.ts";

const KEY = "reported.example.com";

const text = (isolate: string) =>
  JSON.stringify({
    v: 1,
    isolate,
    sequence: 1,
    routes: [{ key: KEY, version: 0, digest: "absent", requests: 1 }],
    lookups: [],
    since: 0,
  });

/** The entrypoint over bindings that count the objects asked for. */
function over(more: object = {}) {
  const named: string[] = [];
  const { HUBS } = env;
  if (HUBS === undefined) throw new Error("no binding");
  const counting = {
    getByName: (name: string) => {
      named.push(name);
      return HUBS.getByName(name);
    },
  };
  const bindings = { ...env, HUBS: counting, ...more } as unknown as ControlEnv;
  return { reports: new HubReports(createExecutionContext(), bindings), named };
}

describe("what the gateway reaches of the control plane", () => {
  it("answers a report with news, over the entrypoint's name", async () => {
    const news = await exports.HubReports.report(shardOf(KEY), text("by-name"));
    expect(JSON.parse(news)).toMatchObject({ v: 1, sequence: 1 });
  });

  it("reaches the shards that there are, and makes no other object", async () => {
    const { reports, named } = over();
    await reports.report(shardOf(KEY), text("within"));
    expect(named).toEqual([`shard-${shardOf(KEY)}`]);
    for (const shard of [-1, SHARDS, 0.5, Number.NaN, "0", undefined])
      await expect(reports.report(shard as number, text("beyond"))).rejects.toThrow(
        "no such shard",
      );
    expect(named).toHaveLength(1);
  });

  it("asks a shard whose day's budget is spent no more that day, and the others as ever", async () => {
    const asked: string[] = [];
    const spent = (shardOf(KEY) + 1) % SHARDS;
    const HUBS = {
      getByName: (name: string) => ({
        report: async () => {
          asked.push(name);
          return name === `shard-${spent}` ? OVER_BUDGET : "news";
        },
      }),
    };
    const { reports } = over({ HUBS });
    for (let n = 0; n < 3; n += 1)
      await expect(reports.report(spent, text("spent"))).rejects.toThrow("HUB_DAILY_REPORTS");
    expect(await reports.report(shardOf(KEY), text("spent"))).toBe("news");
    expect(asked).toEqual([`shard-${spent}`, `shard-${shardOf(KEY)}`]);
    vi.useFakeTimers({ now: Date.now() + 86_400_000, toFake: ["Date"] });
    await expect(reports.report(spent, text("spent"))).rejects.toThrow("HUB_DAILY_REPORTS");
    vi.useRealTimers();
    expect(asked).toHaveLength(3);
  });

  it("passes on no text that is too long", async () => {
    const { reports, named } = over();
    const padded = (chars: number) => text("padded").padEnd(chars, " ");
    await reports.report(shardOf(KEY), padded(MAX_REPORT_CHARS));
    await expect(reports.report(shardOf(KEY), padded(MAX_REPORT_CHARS + 1))).rejects.toThrow(
      `${MAX_REPORT_CHARS} characters`,
    );
    expect(named).toHaveLength(1);
  });

  it("rejects where there is no hub", async () => {
    await expect(over({ HUBS: undefined }).reports.report(0, text("none"))).rejects.toThrow(
      "no hub",
    );
  });
});
