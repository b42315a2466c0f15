import { describe, expect, test } from "vitest";

import { decide } from "../../support/decide.ts";
import { explainRequest } from "../../../src/decide/explain-request.ts";
import type { Decision } from "../../../src/decide/outcome.ts";
import { SEED, bucket, murmur3, unit } from "../../../src/lib/hash.ts";
import { encodeVisitor } from "../../../src/decide/visitor.ts";
import { targetUrl } from "../../../src/gateway/forward/target.ts";
import { compile } from "../../../src/policy/compile.ts";
import { parse } from "../../../src/policy/parse.ts";
import { normalPath } from "../../../src/lib/path.ts";
import { STRATEGIES } from "../../../src/policy/strategies/index.ts";
import { FRESH_ID, factsFrom, NOW } from "../../property/arbitraries/facts.ts";
import { blocksOf, codeIn, PAGES, tablesOf } from "./markdown.ts";

/** The key that the pages' examples stand under. */
const KEY = "shop.example.com";

type Row = Readonly<Record<string, string>>;

/** What a cell says: its code, or its bare text. */
const said = (cell: string): string => codeIn(cell)[0] ?? cell;

/** Tables that have all of these columns, each with the policy of its section. */
const tablesWith = (...columns: readonly string[]) =>
  PAGES.flatMap((page) => {
    const policies = new Map(
      blocksOf(page, "json policy").map((block) => [block.section, block.text]),
    );
    return tablesOf(page)
      .filter(({ header }) => columns.every((column) => header.includes(column)))
      .map(({ section, header, rows }) => ({
        at: `${page.path}, ${section}`,
        policy: policies.get(section) ?? "",
        rows: rows.map((row): Row =>
          Object.fromEntries(header.map((name, index) => [name, said(row[index] ?? "")])),
        ),
      }));
  });

const tables = tablesWith("variant", "reason");
const answers = tablesWith("asked", "status", "Location");

function factsOfRow(row: Row) {
  const url = new URL(row["path"] ?? "/", `https://${KEY}`);
  const now = row["time"] === undefined ? NOW : Date.parse(row["time"]);
  const seenAt = Date.parse(row["first seen"] ?? "now");
  const known = { id: FRESH_ID, seenAt, sentAt: seenAt, pins: [] };
  const facts = factsFrom({
    path: normalPath(url.pathname),
    now,
    draw: row["visitor"] ?? FRESH_ID,
    ...(Number.isNaN(seenAt) ? {} : { cookies: { sy: [encodeVisitor(known)] } }),
  });
  return { facts, search: url.search };
}

/** What the code says for one column of a row; inputs say themselves. */
function recomputed(column: string, row: Row, decision: Decision, search: string): string {
  const { node, variant, reason, path } = decision;
  const visitor = row["visitor"] ?? FRESH_ID;
  const [, what, of = ""] = /^(u|score) of `(.+)`$/.exec(column) ?? [];
  const u = unit(murmur3(`${node.salt}\n${visitor}\n${of}`, SEED.split));
  const weight = node.variants.find(({ name }) => name === of)?.weight ?? Number.NaN;
  if (what === "u") return u.toFixed(4);
  if (what === "score") return (-weight / Math.log(u)).toFixed(2);
  switch (column) {
    case "variant":
      return variant.name;
    case "reason":
      return reason;
    case "goes to":
      return targetUrl(variant.origin, path, search);
    case "place":
      return (bucket(SEED.split, node.salt, visitor) * 100).toFixed(2);
    default:
      return row[column] ?? "";
  }
}

test("every strategy has a page with a table of decisions", () => {
  const pages = [...tables, ...answers].map(({ at }) => at.split(",")[0]);
  for (const name of Object.keys(STRATEGIES)) expect(pages).toContain(`docs/strategies/${name}.md`);
});

describe.each(tables)("$at", ({ policy, rows }) => {
  test.each(rows)("%j", (row) => {
    const parsed = parse(policy, { allowPrivateOrigins: false });
    if (!parsed.ok) throw new Error(`no valid policy: ${JSON.stringify(parsed.issues)}`);
    const { facts, search } = factsOfRow(row);
    const decision = decide(compile(parsed.policy, KEY), facts);
    if (decision === undefined) throw new Error("no decision");
    const columns = Object.keys(row).map((name) => [name, recomputed(name, row, decision, search)]);
    expect(row).toEqual(Object.fromEntries(columns));
  });
});

describe.each(answers)("$at", ({ policy, rows }) => {
  test.each(rows)("%j", ({ asked = "", status, Location }) => {
    const parsed = parse(policy, { allowPrivateOrigins: false });
    if (!parsed.ok) throw new Error(`no valid policy: ${JSON.stringify(parsed.issues)}`);
    const explained = explainRequest(
      compile(parsed.policy, KEY),
      { url: asked },
      { candidate: { key: KEY, prefix: "" }, now: NOW, newcomer: FRESH_ID, override: undefined },
    );
    expect(explained.answer).toEqual({
      status: Number(status),
      location: Location === "none" ? null : Location,
    });
  });
});
