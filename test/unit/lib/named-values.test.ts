import { describe, expect, test } from "vitest";
import {
  cookiesIn,
  MAX_COOKIES,
  MAX_PARAMETERS,
  MAX_VALUES,
  parametersIn,
} from "../../../src/lib/named-values.ts";

const many = (count: number, glue: string): string =>
  Array.from({ length: count }, (_, index) => `n${index}=${index}`).join(glue);

describe("cookies", () => {
  test("are read under their names, all values of one in order", () => {
    const cookies = cookiesIn("a=1; b=%20x; a=2; broken=%zz; =; c");
    expect(["a", "b", "broken", "c", "toString"].map(cookies)).toEqual([
      ["1", "2"],
      [" x"],
      ["%zz"],
      [],
      [],
    ]);
  });

  test("beyond the limit are not there", () => {
    const cookies = cookiesIn(many(MAX_COOKIES + 1, "; "));
    expect(cookies(`n${MAX_COOKIES - 1}`)).toEqual([String(MAX_COOKIES - 1)]);
    expect(cookies(`n${MAX_COOKIES}`)).toEqual([]);
  });
});

describe("parameters", () => {
  test("are read under their names, as forms are", () => {
    const parameters = parametersIn("?a=1&b=x+y%20z&a=2&c&%zz=%zz");
    expect(["a", "b", "c", "%zz", "d"].map(parameters)).toEqual([
      ["1", "2"],
      ["x y z"],
      [""],
      ["%zz"],
      [],
    ]);
    expect(parametersIn("")("a")).toEqual([]);
  });

  test("beyond the limit are not there", () => {
    const parameters = parametersIn(`?${many(MAX_PARAMETERS + 1, "&")}`);
    expect(parameters(`n${MAX_PARAMETERS - 1}`)).toEqual([String(MAX_PARAMETERS - 1)]);
    expect(parameters(`n${MAX_PARAMETERS}`)).toEqual([]);
  });
});

test.each([
  ["cookies", cookiesIn, "; "],
  ["parameters", parametersIn, "&"],
] as const)("of %s with one name the first ones are there", (_, read, glue) => {
  const values = (count: number) => Array.from({ length: count }, (__, at) => `${at}`);
  const written = (count: number) =>
    values(count)
      .map((value) => `a=${value}`)
      .join(glue);
  expect(read(written(MAX_VALUES))("a")).toEqual(values(MAX_VALUES));
  expect(read(`${written(MAX_VALUES + 1)}${glue}b=1`)("a")).toEqual(values(MAX_VALUES));
  expect(read(`${written(MAX_VALUES + 1)}${glue}b=1`)("b")).toEqual(["1"]);
});

/** Look-ups of one request: as many rules as a policy has, and more. */
const LOOKUPS = 5000;

/** Parsed once they take a few milliseconds; parsed at each look-up, seconds. */
const MAX_MS = 200;

test.each([
  ["cookies", cookiesIn, many(5000, "; ")],
  ["parameters", parametersIn, `?${many(5000, "&")}`],
  ["values that are not encoded well", cookiesIn, "a=%zz; ".repeat(5000)],
])("thousands of look-ups among thousands of %s parse them once", (_, parse, text) => {
  const start = performance.now();
  const values = parse(text);
  for (let lookup = 0; lookup < LOOKUPS; lookup += 1) values(lookup % 2 === 0 ? "a" : `n${lookup}`);
  expect(performance.now() - start).toBeLessThan(MAX_MS);
});
