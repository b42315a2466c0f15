import { createHash } from "node:crypto";
import { decide } from "../support/decide.ts";
import type { Facts } from "../../src/policy/facts.ts";
import { compile } from "../../src/policy/compile.ts";
import type { CompiledPolicy } from "../../src/policy/compiled.ts";
import { renderIssue } from "../../src/lib/issue.ts";
import { parse } from "../../src/policy/parse.ts";
import { seed } from "../support/property.ts";
import { factsFrom } from "./arbitraries/facts.ts";
import type { Named } from "./arbitraries/variants.ts";

/** The header that names the visitors of a {@link population}, so that no cookie is needed to know them. */
const VISITOR_HEADER = "x-visitor";

const STICKY = { by: [{ header: VISITOR_HEADER }] };

/** How teams name visitors: bits as the gateway draws them, and names that differ in a few characters only. */
export const KINDS = ["random", "counted", "mail"] as const;

export type Kind = (typeof KINDS)[number];

const made = new Map<Kind, string[]>();

/** Characters of an id, and how many ids are drawn at a time: their bytes come to whole characters of base64. */
const ID_CHARS = 22;
const BLOCK = 1024;
const BLOCK_BYTES = (BLOCK * ID_CHARS * 3) / 4;

let [block, ids] = [-1, ""];

function randomId(index: number): string {
  const wanted = Math.floor(index / BLOCK);
  if (wanted !== block) {
    // SHAKE, so that no weakness of the hash under test can hide in what it is fed with.
    const hash = createHash("shake256", { outputLength: BLOCK_BYTES });
    ids = hash.update(`${seed()}:${wanted}`).digest("base64url");
    block = wanted;
  }
  const start = (index % BLOCK) * ID_CHARS;
  return ids.slice(start, start + ID_CHARS);
}

function visitor(kind: Kind, index: number): string {
  switch (kind) {
    case "random":
      return randomId(index);
    case "counted":
      return String(1_000_000 + index);
    case "mail":
      return `visitor.${index}@example.com`;
    default:
      return kind satisfies never;
  }
}

/** That many different visitors, the same ones whenever SY_SEED is the same. */
export function population(count: number, kind: Kind = "random"): readonly string[] {
  const known = made.get(kind) ?? [];
  made.set(kind, known);
  while (known.length < count) known.push(visitor(kind, known.length));
  return known.slice(0, count);
}

/** A policy as production has it: through its text, checked and compiled. Throws with the issues where it is refused. */
export function ready(policy: unknown, key = "shop.example.com"): CompiledPolicy {
  const parsed = parse(JSON.stringify(policy), { allowPrivateOrigins: false });
  if (!parsed.ok) throw new Error(parsed.issues.map(renderIssue).join("\n"));
  return compile(parsed.policy, key);
}

const ORIGIN = "https://www.example.com";

type Fields = Readonly<Record<string, unknown>>;

/** A weighted split of a {@link population}. */
export function weightedOf(split: readonly Named[], salt: string, fields: Fields = {}): Fields {
  const variants = split.map(({ name, weight }) => ({ name, weight, origin: ORIGIN }));
  return { strategy: "weighted", variants, salt, sticky: STICKY, ...fields };
}

/** A canary for a percent of a {@link population}. */
export function canaryOf(percent: number, salt: string, fields: Fields = {}): Fields {
  return {
    strategy: "canary",
    stable: ORIGIN,
    canary: ORIGIN,
    percent,
    salt,
    sticky: STICKY,
    ...fields,
  };
}

const PLAIN = factsFrom();

/** The facts of a visitor's plain request. */
export const visitFacts = (name: string): Facts => ({
  ...PLAIN,
  header: (header) => (header === VISITOR_HEADER ? name : undefined),
});

/** The names of the variants these visitors get, in order. Throws where a path-map maps nothing. */
export function assign(policy: CompiledPolicy, visitors: readonly string[]): string[] {
  // One request for all of them: to make a new one takes as long as the decision.
  let named = "";
  const facts: Facts = {
    ...PLAIN,
    header: (header) => (header === VISITOR_HEADER ? named : undefined),
  };
  return visitors.map((name) => {
    named = name;
    const decision = decide(policy, facts);
    if (decision === undefined) throw new Error("no prefix matched");
    return decision.variant.name;
  });
}

/** How often each of the names occurs. */
export function tally(names: readonly string[], assigned: readonly string[]): number[] {
  const counts = new Map(names.map((name) => [name, 0]));
  for (const name of assigned) counts.set(name, (counts.get(name) ?? Number.NaN) + 1);
  return [...counts.values()];
}

/** How often each pair of names occurs: rows by the first assignment, columns by the second. */
export function crossTally(
  [rows, columns]: readonly [readonly string[], readonly string[]],
  [first, second]: readonly [readonly string[], readonly string[]],
): number[][] {
  const rowOf = new Map(rows.map((name, index) => [name, index]));
  const columnOf = new Map(columns.map((name, index) => [name, index]));
  const table = rows.map(() => columns.map(() => 0));
  for (const [index, name] of first.entries()) {
    const row = table[rowOf.get(name) ?? -1];
    const column = columnOf.get(second[index] ?? "");
    if (row === undefined || column === undefined)
      throw new Error(`"${name}" is not a known variant`);
    row[column] = (row[column] ?? 0) + 1;
  }
  return table;
}
