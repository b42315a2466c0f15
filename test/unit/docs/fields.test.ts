import { describe, expect, test } from "vitest";

import { LANGUAGE } from "../../../src/policy/language.ts";
import { STRATEGIES, type StrategyName } from "../../../src/policy/strategies/index.ts";
import { codeIn, page, tableOf } from "./markdown.ts";
import { objectsOf } from "./schema-fields.ts";

type Name = StrategyName;
const NAMES = Object.keys(STRATEGIES) as Name[];

const OBJECTS = new Map(NAMES.map((name) => [name, objectsOf(LANGUAGE.policies[name])]));
const reference = page("docs/policy.md");

/** The fields of the object at a path, `name` or `name?`. */
function fieldsAt(name: Name, path: string): string[] {
  const fields = OBJECTS.get(name)?.get(path);
  if (fields === undefined) throw new Error(`${name} has no object at "${path}"`);
  return [...fields].map(([field, optional]) => (optional ? `${field}?` : field)).toSorted();
}

/** The same with the fields of all objects below it. */
function fieldsBelow(name: Name, path: string): string[] {
  const paths = [...(OBJECTS.get(name)?.keys() ?? [])];
  const below = paths.filter((one) => one === path || one.startsWith(`${path}.`));
  return [...new Set(below.flatMap((one) => fieldsAt(name, one)))].toSorted();
}

/** A field table's first column: `name`, or `name`? where it may be left out. */
function rowsOf(header: string) {
  return tableOf(reference, header).rows.map((row) => {
    const [first = ""] = row;
    const [field = ""] = codeIn(first);
    return { field, marked: first.endsWith("?") ? `${field}?` : field, row };
  });
}

/** The names inside the braces of a cell: `{ "name", "from"? }`. */
function shapeIn(cell: string): string[] {
  const braces = codeIn(cell).filter((code) => code.startsWith("{"));
  const names = braces.flatMap((code) => code.match(/"\w+"\??/g) ?? []);
  return [...new Set(names.map((name) => name.replaceAll('"', "")))].toSorted();
}

const own = rowsOf("field of a strategy");
const common = rowsOf("common field");

describe.each(NAMES)("%s", (name) => {
  test("has just the fields that the reference gives it", () => {
    const owned = own
      .filter(({ row }) => row[1] === "all" || codeIn(row[1] ?? "").includes(name))
      .map(({ marked }) => (marked === "strategy" && name === "single" ? "strategy?" : marked));
    const { kind } = STRATEGIES[name];
    const atEnd = LANGUAGE.endFields.map(([field]): string => field);
    const shared = common
      .filter(({ field }) => (kind === "end" ? atEnd.includes(field) : true))
      .filter(({ field }) => LANGUAGE.fields[field]?.stands !== "at-leaf" || kind !== "map")
      .map(({ field }) => `${field}?`);
    expect([...owned, ...shared].toSorted()).toEqual(fieldsAt(name, ""));
  });
});

describe("objects inside a policy are listed with just the fields they have:", () => {
  test.each([
    ["field of an origin", "single", "origin"],
    ["field of `sticky`", "weighted", "sticky"],
    ["field of `match`", "weighted", "rules.match"],
    ["field of a goal", "weighted", "goals"],
    ["field of `guard`", "canary", "guard"],
  ] as const)("%s", (header, name, path) => {
    expect(
      rowsOf(header)
        .map(({ marked }) => marked)
        .toSorted(),
    ).toEqual(fieldsAt(name, path));
  });

  const rows = [
    ...own.map((one) => ({ ...one, path: one.field, cell: one.row[2] ?? "" })),
    ...common.map((one) => ({ ...one, path: one.field, cell: one.row[1] ?? "" })),
    ...rowsOf("field of `sticky`").map((one) => ({
      ...one,
      path: `sticky.${one.field}`,
      cell: one.row[1] ?? "",
    })),
  ].filter(({ path, cell }) => path !== "sticky" && shapeIn(cell).length > 0);

  test.each(rows)("$path", ({ path, cell }) => {
    const owner = NAMES.find((name) => OBJECTS.get(name)?.has(path)) ?? "single";
    expect([fieldsAt(owner, path), fieldsBelow(owner, path)]).toContainEqual(shapeIn(cell));
  });

  test("conditions", () => {
    const names = tableOf(reference, "condition").rows.flatMap(
      ([first = ""]) => /\{ "(\w+)"/.exec(first)?.[1] ?? [],
    );
    for (const field of ["host", "method", "header", "query", "cookie", "country"])
      expect(names.map((name) => `${name}?`).toSorted()).toEqual(
        fieldsAt("single", `rules.match.${field}`),
      );
  });

  test("and none is left out", () => {
    const told = new Set([
      ...["origin", "sticky", "rules.match", "rules.match.host"].map((path) =>
        fieldsAt("single", path).join(),
      ),
      ...rows.flatMap(({ path }) =>
        NAMES.flatMap((name) =>
          [...(OBJECTS.get(name)?.keys() ?? [])]
            .filter((one) => one === path || one.startsWith(`${path}.`))
            .map((one) => fieldsAt(name, one).join()),
        ),
      ),
    ]);
    const untold = NAMES.flatMap((name) =>
      [...(OBJECTS.get(name)?.keys() ?? [])]
        .filter((path) => path !== "" && !told.has(fieldsAt(name, path).join()))
        .map((path) => `${name}: ${path}`),
    );
    expect(untold).toEqual([]);
  });
});
