import * as fc from "fast-check";
import { visitorValues } from "./facts.ts";
import { POOL, tokens } from "./text.ts";

const MESS = [
  "",
  " ",
  "=",
  "==",
  "sy",
  "sy=",
  "=1",
  "sy ",
  "a=b=c",
  "a=%",
  "a=%E0%A4%A",
  'q="x, y"',
  'q="unclosed',
  "\u00A0sy=1",
  "sy\u00A0=1",
  "z=\u00A0",
  "__proto__=1",
  "constructor=1",
  "Sy=1",
  "xsy=1",
  "sy2=1",
  "ü=é",
] as const;

/** A piece of a `Cookie` field between two semicolons, as other people's code may leave it there. */
export const foreignPairs: fc.Arbitrary<string> = fc.oneof(
  { arbitrary: fc.constantFrom(...MESS), weight: 3 },
  {
    arbitrary: fc
      .tuple(tokens(POOL.cookies), fc.stringMatching(/^[!#-+\--:<-[\]-~]{0,20}$/))
      .map(([name, value]) => `${name}=${value}`),
    weight: 3,
  },
  // A field value holds no control characters but tab, and one character per byte.
  { arbitrary: fc.stringMatching(/^[\t\x20-:<-~\x80-\xFF]{0,20}$/), weight: 2 },
);

/** Our own cookie among the others: well-formed or not. */
export const ourPairs: fc.Arbitrary<string> = visitorValues
  .filter((value) => /^[\x21-:<-~]*$/.test(value))
  .map((value) => `sy=${value}`);

/** A `Cookie` field as it may arrive. */
export const cookieHeaders: fc.Arbitrary<string> = fc
  .tuple(
    fc.array(fc.oneof({ arbitrary: foreignPairs, weight: 3 }, { arbitrary: ourPairs, weight: 1 }), {
      maxLength: 6,
    }),
    fc.constantFrom("; ", ";", " ;  "),
  )
  .map(([pairs, separator]) => pairs.join(separator));
