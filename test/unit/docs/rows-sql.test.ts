import { describe, expect, test } from "vitest";

import type { Config } from "../../../src/config/gateway.ts";
import { EXCLUSIONS } from "../../../src/decide/exclusion.ts";
import type { UpstreamResult } from "../../../src/gateway/forward/failover.ts";
import { Allocations } from "../../../src/gateway/record/allocations.ts";
import { recordForwarded } from "../../../src/gateway/record/record.ts";
import { readKey, type SipKey } from "../../../src/lib/siphash.ts";
import { idCheck } from "../../../src/lib/visitor-digest.ts";
import { factsFrom, NOW, withCookie } from "../../property/arbitraries/facts.ts";
import { ready } from "../../property/population.ts";
import { decide } from "../../support/decide.ts";
import { Rows } from "../../support/rows.ts";
import { syntheticId } from "../../../src/preview/synthetic.ts";
import { weighted } from "../policy/judge.ts";
import { blocksOf, codeIn, page, tableOf } from "./markdown.ts";

const operations = page("docs/operations.md");
const statements = blocksOf(operations, "sql").map(({ text }) => text);
const [BY_VARIANT = "", BY_ALLOCATION = "", BY_KIND = "", VISITORS = ""] = statements;

const HOST = "shop.example.com";
const NOW_SECONDS = NOW / 1000;
const VISITS = 400;
/** Rows that the platform keeps of so many, where it samples. */
const SAMPLED = 4;

function keyOf(hex: string): SipKey {
  const key = readKey(hex);
  if (key === undefined) throw new Error("no key");
  return key;
}
const KEY = keyOf("000102030405060708090a0b0c0d0e0f");

const shares = (one: number, other: number) =>
  ready(
    weighted({
      salt: "s",
      experiment: HOST,
      visitorHeader: true,
      variants: [
        { name: "control", origin: "https://o.example", weight: one },
        { name: "treatment", origin: "https://o.example", weight: other },
      ],
    }),
  );

/** A row of a visit, and what a figure may be checked by. */
interface Visit {
  readonly row: AnalyticsEngineDataPoint;
  readonly variant: string;
  readonly label: string;
  readonly ms: number;
  readonly failure: number | undefined;
  readonly isBot: boolean;
}

/** Visits of known visitors, some of them crawlers, first under one allocation and then under another. */
function visits(): Visit[] {
  const kept: AnalyticsEngineDataPoint[] = [];
  const gateway = {
    metrics: { writeDataPoint: (row: AnalyticsEngineDataPoint = {}) => void kept.push(row) },
    config: { visitorKey: KEY } as Config,
    allocations: new Allocations(),
  };
  return Array.from({ length: VISITS }, (_, n) => {
    const [policy, label] = n < VISITS / 2 ? [shares(90, 10), "90/10"] : [shares(1, 1), "50/50"];
    const id = syntheticId(n);
    const cookie = { id, check: idCheck(KEY, id), seenAt: NOW, sentAt: NOW, pins: [] };
    const isBot = n % 10 === 0;
    const facts = factsFrom({ ...withCookie(cookie), bot: isBot });
    const decision = decide(policy, facts);
    if (decision === undefined) throw new Error("nothing was decided");
    const failure = n % 7 === 0 ? 503 : undefined;
    const ms = 10 + (n % 50);
    const asked = {
      route: { key: HOST, version: "0123abcd" },
      incoming: { now: NOW, request: new Request(`https://${HOST}/`) },
      facts,
      status: failure ?? 200,
      now: NOW + ms,
      log: () => {},
    } as unknown as Parameters<typeof recordForwarded>[1];
    const { variant } = decision;
    recordForwarded(gateway, asked, decision, {
      variant,
      primaryFailure: failure,
    } as UpstreamResult);
    const row = kept.at(-1);
    if (row === undefined) throw new Error("no row was written");
    return { row, variant: variant.name, label, ms, failure, isBot };
  });
}

const all = visits();

/** All of them, a minute old; and what is too old, or another route's, which no figure may hold. */
function written(): Rows {
  const rows = new Rows("switchyard");
  for (const { row } of all) rows.write(row, NOW_SECONDS - 60);
  const [first] = all;
  if (first === undefined) throw new Error("there are no visits");
  rows.write(first.row, NOW_SECONDS - 2 * 86_400);
  const elsewhere = first.row.blobs?.map((blob) => (blob === HOST ? "other.example.com" : blob));
  rows.write({ ...first.row, ...(elsewhere && { blobs: elsewhere }) }, NOW_SECONDS - 60);
  return rows;
}

const countOf = (fits: (visit: Visit) => boolean) => all.filter(fits).length;

test("the page has the statements that are run here, and no other", () => {
  expect(statements).toHaveLength(4);
  for (const one of statements) expect(one).toContain("FROM switchyard");
});

describe("word for word", () => {
  const rows = written();

  test("failures by variant", () => {
    const variants = ["control", "treatment"].map((name) => ({
      variant: name,
      visits: countOf(({ variant }) => variant === name),
      failed: countOf(({ variant, failure }) => variant === name && failure !== undefined),
      of_them_answered_with_5xx: countOf(
        ({ variant, failure }) => variant === name && failure === 503,
      ),
      answered_by_another: 0,
    }));
    expect(rows.query(BY_VARIANT, NOW_SECONDS)).toEqual(variants);
  });

  test("what counts, by allocation and variant, with its share and its latency", () => {
    const told = rows.query(BY_ALLOCATION, NOW_SECONDS);
    const figures = (label: string, name: string, wanted: number) => {
      const fits = all.filter((one) => one.label === label && one.variant === name && !one.isBot);
      const sorted = fits.map(({ ms }) => ms).toSorted((a, b) => a - b);
      return {
        allocation: label,
        variant: name,
        wanted,
        got: fits.length,
        p95_ms: sorted[Math.ceil(0.95 * fits.length) - 1],
      };
    };
    expect(told).toEqual([
      figures("50/50", "control", 0.5),
      figures("50/50", "treatment", 0.5),
      figures("90/10", "control", 0.9),
      figures("90/10", "treatment", 0.1),
    ]);
    for (const { got } of told) expect(got).toBeGreaterThan(5);
  });

  test("why requests are in no figure of visitors", () => {
    const bots = countOf(({ isBot }) => isBot);
    expect(rows.query(BY_KIND, NOW_SECONDS)).toEqual([
      { excluded: "", requests: VISITS - bots },
      { excluded: "crawler", requests: bots },
    ]);
  });

  test("visitors, each once however often they come", () => {
    for (const { row } of all.slice(0, 100)) rows.write(row, NOW_SECONDS - 30);
    expect(rows.query(VISITORS, NOW_SECONDS)).toEqual(
      ["control", "treatment"].map((name) => ({
        variant: name,
        visitors: countOf(({ variant, isBot }) => variant === name && !isBot),
      })),
    );
  });

  test("a sampled row counts as often as it stands for", () => {
    const [sampled, whole] = [new Rows("switchyard"), new Rows("switchyard")];
    for (const { row } of all) {
      sampled.write(row, NOW_SECONDS - 60, SAMPLED);
      for (let n = 0; n < SAMPLED; n += 1) whole.write(row, NOW_SECONDS - 60);
    }
    for (const one of statements)
      expect(sampled.query(one, NOW_SECONDS)).toEqual(whole.query(one, NOW_SECONDS));
  });
});

test("the page lists every kind, in the order in which they are looked for", () => {
  const { rows } = tableOf(operations, "`blob12`");
  expect(rows.flatMap(([kind = ""]) => codeIn(kind))).toEqual([...EXCLUSIONS]);
});
