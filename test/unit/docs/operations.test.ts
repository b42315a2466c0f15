import { existsSync, globSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { describe, expect, test } from "vitest";

import { readConfig, type GatewayEnv } from "../../../src/config/gateway.ts";
import {
  EJECTION_MS,
  EVIDENCE_MS,
  FAILING_SHARE_TO_EJECT,
  FAILURES_TO_EJECT,
  MAX_EJECTION_MS,
  VISITORS_TO_EJECT,
} from "../../../src/gateway/forward/health.ts";
import {
  BUDGET_SECONDS,
  MIN_RETRIES_PER_SECOND,
  RETRY_SHARE,
} from "../../../src/gateway/forward/retry-budget.ts";
import { MAX_CLIENT_IDLE_MS } from "../../../src/gateway/forward/upload.ts";
import { MAX_MIRROR_BODY_BYTES, MIRROR_TIMEOUT_MS } from "../../../src/gateway/forward/mirror.ts";
import { KV_RETRY_MS, KV_TIMEOUT_MS } from "../../../src/gateway/load/kv.ts";
import { KV_WAIT_MS } from "../../../src/gateway/load/policy-cache.ts";
import { edgeCode, edgeStatus } from "../../../src/lib/cloudflare-errors.ts";
import { propagationMs, STALE_MS, STALE_READ_MS } from "../../../src/lib/propagation.ts";
import { DEFAULT_TIMEOUT_MS, MAX_TIMEOUT_MS } from "../../../src/policy/limits.ts";
import { renderTable } from "../../e2e/failures/table.ts";
import { codeIn, grouped, page, ROOT, tableOf } from "./markdown.ts";

import { BEATEN_MS } from "../../../src/hub/head.ts";
import { STORED_MS } from "../../../src/hub/measure/storing.ts";
import { MAX_ISOLATES } from "../../../src/hub/isolates.ts";
import { LOOKS_AT_ONCE, LOOKS_EVERY_MS } from "../../../src/hub/looks.ts";
import { HUB_FIRST_MS } from "../../../src/ledger/delivery.ts";
import { FIRST_RETRY_MS, LONGEST_RETRY_MS } from "../../../src/ledger/outbox.ts";
import {
  MAX_INTERVAL_MS,
  REPORTS_PER_SECOND,
  USUAL_INTERVAL_MS,
} from "../../../src/report/wire.ts";

const operations = page("docs/operations.md");
const text = operations.text.replaceAll(/\s+/g, " ");

test("the table of faults is the one that the tests expect", () => {
  const [, printed = ""] =
    /<!-- faults -->\n([\s\S]*?)\n<!-- \/faults -->/.exec(operations.text) ?? [];
  expect(printed.trim()).toBe(renderTable());
});

describe("each row of the failure table names a test that exists", () => {
  const { header, rows } = tableOf(operations, "what fails", "the visitor");
  const at = header.indexOf("shown by");

  test("there are rows", () => expect(rows.length).toBeGreaterThan(15));

  test.each(rows.map((row) => [row[0] ?? "", row[at] ?? ""]))("%s", (_, shown) => {
    const [, target = ""] = /\]\(([^)]+)\)/.exec(shown) ?? [];
    const file = join(ROOT, posix.join("docs", target));
    expect(existsSync(file)).toBe(true);
    const [title = ""] = codeIn(shown);
    expect(readFileSync(file, "utf8")).toContain(`"${title}"`);
  });
});

test("log lines are those of the code", () => {
  const source = globSync(["src/*.ts", "src/gateway/**/*.ts"], { cwd: ROOT })
    .map((path) => readFileSync(join(ROOT, path), "utf8"))
    .join("\n");
  const lines = tableOf(operations, "message", "level").rows.map(([line]) => codeIn(line ?? "")[0]);
  expect(lines).toHaveLength(15);
  for (const line of lines) {
    // What follows is the version that serves on.
    expect(source).toContain(line?.replace(/version …$/, ""));
  }
});

test("errors of Cloudflare's are told as the code has them, each and no other", () => {
  const told = tableOf(operations, "code", "what it means").rows.flatMap(
    ([codes = "", what, fix]) =>
      codeIn(codes).map((code) => [Number(code), { what, fix }] as const),
  );
  const known = Array.from({ length: 2000 }, (_, code) => [
    code,
    edgeStatus(code) ?? edgeCode(code),
  ]);
  expect(new Map(told)).toEqual(new Map(known.filter(([, error]) => error !== undefined) as never));
});

describe("numbers are those of the code", () => {
  const { memoryTtlMs, kvCacheTtlSeconds } = readConfig({} as GatewayEnv);
  const seconds = (ms: number) => `${ms / 1000} s`;

  test("how old a policy may be", () => {
    const whole = propagationMs({ memoryTtlMs, kvCacheTtlSeconds });
    const parts = tableOf(operations, "part", "default").rows.map((row) => row[1]);
    expect(parts).toEqual([
      seconds(memoryTtlMs),
      seconds(STALE_MS),
      `${kvCacheTtlSeconds} s`,
      seconds(whole - memoryTtlMs - STALE_MS - kvCacheTtlSeconds * 1000),
    ]);
    expect(text).toContain(`The sum, ${seconds(whole)}, is the number`);
  });

  test.each([
    ["the worst wait", `${seconds(3 * DEFAULT_TIMEOUT_MS)} with the default`],
    ["the longest time-out", `${seconds(MAX_TIMEOUT_MS)} at most`],
    ["ejection", `${seconds(EJECTION_MS)} to ${seconds(MAX_EJECTION_MS)} after it is back`],
    [
      "KV's time",
      `took longer than ${seconds(KV_TIMEOUT_MS)}; it is left alone for ${seconds(KV_RETRY_MS)}`,
    ],
    [
      "the wait of a warm route",
      `waits ${KV_WAIT_MS / 1000} s, all others of the next minute not at all`,
    ],
    ["the mirror's time", `given up after ${seconds(MIRROR_TIMEOUT_MS)}`],
    ["the mirror's bodies", `bodies up to ${grouped(MAX_MIRROR_BODY_BYTES)} bytes`],
  ])("%s", (_, words) => expect(text).toContain(words));

  test("in words", () => {
    expect([FAILURES_TO_EJECT, VISITORS_TO_EJECT, FAILING_SHARE_TO_EJECT]).toEqual([5, 3, 0.5]);
    expect([EVIDENCE_MS, EJECTION_MS, MAX_EJECTION_MS]).toEqual([10_000, 5000, 60_000]);
    expect(text).toContain(
      "within ten seconds at least five of its requests failed, of at least three different visitors",
    );
    expect(text).toContain("at least half of all");
    expect(text).toContain("left alone for five seconds");
    expect(text).toContain("to a minute at most");
    expect([RETRY_SHARE, MIN_RETRIES_PER_SECOND, BUDGET_SECONDS]).toEqual([0.2, 3, 10]);
    expect(text).toContain(
      "held to a fifth of a route's requests in each isolate, over ten seconds",
    );
    expect(text).toContain("three a second are always allowed");
    expect(text).toContain(`one who sends nothing for ${seconds(MAX_CLIENT_IDLE_MS)} has gone`);
  });
});

test("tells of the hub what its code does", () => {
  const [, hub = ""] = /## The hub (.*?) ## /.exec(text) ?? [];
  expect([LONGEST_RETRY_MS, BEATEN_MS]).toEqual([300_000, 3_600_000]);
  expect((LOOKS_AT_ONCE * 1000) / LOOKS_EVERY_MS).toBe(2);
  for (const words of [
    `waits for the hub ${HUB_FIRST_MS} ms at most`,
    `after ${FIRST_RETRY_MS / 1000} s, 2 s and so on up to 5 min`,
    `in the last ${STORED_MS / 1000} s`,
    `within ${STALE_READ_MS / 1000} s of one`,
    `more isolates than ${grouped((REPORTS_PER_SECOND * USUAL_INTERVAL_MS) / 1000)} on one shard`,
    `every ${10_000 / REPORTS_PER_SECOND} s with 10 000, every ${MAX_INTERVAL_MS / 1000} s at most`,
    `knows ${grouped(MAX_ISOLATES)} isolates at a time`,
  ])
    expect(hub).toContain(words);
});
