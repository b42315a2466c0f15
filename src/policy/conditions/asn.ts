import * as v from "valibot";

import { expected, list, message, strictObject, words } from "../../lib/strict-object.ts";
import {
  compileCondition,
  ConditionSchema,
  MAX_ANY_OF,
  searchesOf,
  type ConditionInput,
} from "../predicates/condition.ts";
import type { Predicate } from "../predicates/definition.ts";
import { TextSchema } from "../predicates/text.ts";
import { conditionInWords } from "../predicates/words.ts";
import { whole } from "../values.ts";
import type { ConditionDefinition } from "./definition.ts";

/** Autonomous systems have numbers of 32 bits (RFC 6793). */
const MAX_ASN = 4_294_967_295;

const NumberSchema = whole(0, MAX_ASN, 13_335);

/** A number or its digits. */
const MemberSchema = v.lazy((input): v.GenericSchema<number | string> =>
  typeof input === "number" ? NumberSchema : TextSchema,
);

const MembersSchema = v.pipe(
  list(MemberSchema, expected("be a list", "write [13335]")),
  v.minLength(1, message("must name one number at least", "write for example 13335")),
  v.maxLength(
    MAX_ANY_OF,
    message(() => `may name ${MAX_ANY_OF} numbers at most`, "part it into rules"),
  ),
);

/** A number, or a list with one in it. */
type Numbers = number | (number | string)[];

/** Numbers, what is none of them, or a condition on the digits. */
type AsnInput = Numbers | { readonly not: Numbers } | ConditionInput;

const isNumbers = (input: unknown): input is Numbers =>
  typeof input === "number" ||
  (Array.isArray(input) && input.some((member) => typeof member === "number"));

const NumbersSchema = v.lazy((input): v.GenericSchema<Numbers> =>
  typeof input === "number" ? NumberSchema : MembersSchema,
);

const NoneOfSchema = strictObject({ not: NumbersSchema }, words("condition"));

const isNoneOf = (input: unknown): input is { readonly not: Numbers } =>
  typeof input === "object" && input !== null && "not" in input && isNumbers(input.not);

const AsnSchema = v.lazy((input): v.GenericSchema<AsnInput> => {
  if (isNumbers(input)) return NumbersSchema;
  if (isNoneOf(input)) return NoneOfSchema;
  const isCondition = ["string", "boolean", "object"].includes(typeof input);
  return isCondition ? ConditionSchema : NumberSchema;
});

const inDigits = (numbers: Numbers): string | string[] =>
  typeof numbers === "number" ? String(numbers) : numbers.map(String);

function digits(written: AsnInput): ConditionInput {
  if (isNumbers(written)) return inDigits(written);
  return isNoneOf(written) ? { not: inDigits(written.not) } : written;
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
