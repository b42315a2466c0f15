import * as fc from "fast-check";
import { normalPath, normalPrefix } from "../../../src/lib/path.ts";
import { keyText, readPathKey } from "../../../src/policy/path-key.ts";

/** Segments on which prefix tables and joined URLs go wrong, and few enough of them that paths and prefixes meet. */
const SEGMENTS = [
  "a",
  "b",
  "admin",
  "administrator",
  "%61dmin",
  "Admin",
  "é",
  "%C3%A9",
  "%c3%a9",
  "%2F",
  "a%2Fb",
  "a%2fb",
  "%5C..%5C",
  "a.b",
  "...",
  "~x",
  "%7Ex",
  "a b",
  "100%",
  "%",
  "%4",
  "%%32e%%32e",
  "%%36%31dmin",
  "%252e%252e",
  "%u0041",
  ";v=1",
  "@evil.example",
  ":80",
] as const;

/** Segments that URL parsing resolves: they stand in what a client writes, never in a prefix. */
const DOTS = ["", ".", "..", "%2e", "%2E%2e", ".%2e"] as const;

const pieces = fc.oneof(
  { arbitrary: fc.constantFrom(...SEGMENTS), weight: 8 },
  {
    arbitrary: fc.string({
      unit: fc.constantFrom("%", "2", "e", "E", "3", "6", "1", ".", "a", "F", "f"),
      maxLength: 9,
    }),
    weight: 3,
  },
  { arbitrary: fc.string({ maxLength: 4 }), weight: 1 },
);

/** A path as a client may write it, before any parser has seen it: encoded, dotted, doubled slashes, stray percent signs. */
export const rawPaths: fc.Arbitrary<string> = fc
  .array(
    fc.oneof({ arbitrary: pieces, weight: 4 }, { arbitrary: fc.constantFrom(...DOTS), weight: 1 }),
    { maxLength: 5 },
  )
  .map((segments) => `/${segments.join("/").replace(/[?#]/g, "")}`);

/** The path of a request as the gateway sees it: through the WHATWG parser, then in normal form. */
export function arrivalPath(raw: string): string {
  return normalPath(new URL(`http://gateway.example${raw}`).pathname);
}

export const paths: fc.Arbitrary<string> = rawPaths.map(arrivalPath);

/** A path-map's key that the schema takes: encodings, a trailing slash and `/` among them. */
export const prefixes: fc.Arbitrary<string> = fc
  .tuple(
    fc.array(pieces, { minLength: 1, maxLength: 3 }),
    fc.constantFrom("", "/"),
    fc.integer({ min: 0, max: 9 }),
  )
  .map(([segments, end, die]) => (die === 0 ? "/" : `/${segments.join("/")}${end}`))
  .filter((key) => normalPrefix(key) !== undefined);

/** A path-map's key for one path alone. */
const exactKeys = rawPaths
  .filter((path) => readPathKey(`=${path}`) !== undefined)
  .map((path) => `=${path}`);

const pathKeys = fc.oneof({ arbitrary: prefixes, weight: 3 }, { arbitrary: exactKeys, weight: 1 });

/** What a path-map's key means; in one map no two mean the same. */
function meaningOf(key: string): string {
  const read = readPathKey(key);
  return read === undefined ? "" : keyText(read);
}

/** Keys of one path-map: no two mean the same prefix or the same path. */
export const keySets = (maxLength: number): fc.Arbitrary<string[]> =>
  fc.uniqueArray(pathKeys, { minLength: 1, maxLength, selector: meaningOf });

/** The same, each with what it leads to. */
export const keyed = <T>(child: fc.Arbitrary<T>, maxLength: number): fc.Arbitrary<[string, T][]> =>
  fc.uniqueArray(fc.tuple(pathKeys, child), {
    minLength: 1,
    maxLength,
    selector: ([key]) => meaningOf(key),
  });
