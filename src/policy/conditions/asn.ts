import * as v from "valibot";

import { expected, list, message, words } from "../../lib/strict-object.ts";
import {
  compileCondition,
  ConditionSchema,
  MAX_ANY_OF,
  searchesOf,
  type ConditionInput,
} from "../predicates/condition.ts";
import type { Predicate } from "../predicates/definition.ts";
import { conditionInWords } from "../predicates/words.ts";
import type { ConditionDefinition } from "./definition.ts";

/** Autonomous systems have numbers of 32 bits (RFC 6793). */
const MAX_ASN = 4_294_967_295;

const wrong = expected("be the number of an autonomous system", "write for example 13335");
const NumberSchema = v.pipe(
  v.number(wrong),
  v.integer(wrong),
  v.minValue(0, wrong),
  v.maxValue(MAX_ASN, wrong),
);

const NumbersSchema = v.pipe(
  list(NumberSchema, expected("be a list", "write [13335]")),
  v.minLength(1, message("must name one number at least", "write for example 13335")),
  v.maxLength(
    MAX_ANY_OF,
    message(() => `may name ${MAX_ANY_OF} numbers at most`, "part it into rules"),
  ),
);

/** A number, several, or a condition on its digits. */
type AsnInput = number | number[] | ConditionInput;

const isNumbers = (input: unknown): input is number[] =>
  Array.isArray(input) && typeof input[0] === "number";

const AsnSchema = v.lazy((input): v.GenericSchema<AsnInput> => {
  if (isNumbers(input)) return NumbersSchema;
  const isCondition = ["string", "boolean", "object"].includes(typeof input);
  return isCondition ? ConditionSchema : NumberSchema;
});

function digits(written: AsnInput): ConditionInput {
  if (isNumbers(written)) return written.map(String);
  return typeof written === "number" ? String(written) : written;
}

/** The number of the network that the visitor comes from, as the edge tells it: no field of the request tells a cache. */
export const asn: ConditionDefinition<AsnInput, Predicate> = {
  schema: AsnSchema,
  compile: (written) => compileCondition(digits(written)),
  matches: (condition, facts) => condition.one(facts.asn()),
  cacheKey: () => ({ vary: [], unshareable: true }),
  searches: (written) => searchesOf(digits(written)),
  describe: (written) => words(() => `the autonomous system ${conditionInWords(digits(written))}`),
};
