import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { familiesOf } from "../../../src/control/open-metrics/families.ts";
import { SHARDS } from "../../../src/report/shard.ts";
import { CHECKS, guardTotals, shard, totals } from "../control/open-metrics/totals.ts";
import { blocksOf, codeIn, page, ROOT, tableOf } from "./markdown.ts";

const metrics = page("docs/metrics.md");

/** A suffix is part of the name where it is the only one. */
const SUFFIX = { counter: "_total", info: "_info", gauge: "", histogram: "" } as const;

test("the page has just the families that there are, with their types, labels and words", () => {
  const series = [totals("shop", "a", { goals: { purchase: 1 } })];
  const guards = [
    guardTotals(
      "shop",
      CHECKS.map((check) => ({ ...check, value: 1 })),
    ),
  ];
  const families = familiesOf([shard(series, { reportedAt: { shop: 1 }, guards })], "1", 2);
  const told = families.map(({ name, type, help, samples }) => [
    name + SUFFIX[type],
    type,
    [...new Set(samples.flatMap(({ labels }) => Object.keys(labels)))],
    help,
  ]);
  const { rows } = tableOf(metrics, "family");
  const written = rows.map(([name = "", type, labels = "", what]) => [
    codeIn(name)[0],
    type,
    codeIn(labels),
    what,
  ]);
  expect(written).toEqual(told);
});

test("the configuration on the page is the example's", async () => {
  const [block] = blocksOf(metrics, "yaml");
  const text = await readFile(join(ROOT, "docs/examples/prometheus/prometheus.yml"), "utf8");
  const example = parse(text) as { readonly scrape_configs: unknown };
  expect(parse(block?.text ?? "")).toEqual({ scrape_configs: example.scrape_configs });
});

test("what a month of scrapes costs is what the prices say", () => {
  const requests = (SHARDS * 30 * 86_400) / 15;
  expect(metrics.text).toContain(`${(requests / 1e6).toFixed(1)} million requests a month`);
  expect(metrics.text).toContain(`${((requests / 1e6) * 0.15).toFixed(2)} dollars`);
});
