import * as v from "valibot";

import { expected, list, message, strictObject, words } from "../../lib/strict-object.ts";
import {
  comparing,
  present,
  type Fold,
  type Predicate,
  type PredicateDefinition,
  type Search,
} from "./definition.ts";
import { PREDICATES, type PredicateInput } from "./index.ts";
import { TextSchema } from "./text.ts";

/** Values in one list. */
export const MAX_ANY_OF = 200;

/** What one value of a request must be: equal, any of a list, present, absent, or a predicate by name. */
export type ConditionInput = string | string[] | boolean | PredicateInput;

const ListSchema = v.pipe(
  list(TextSchema, expected("be a list", 'write ["a", "b"]')),
  v.minLength(1, message("must name one value at least", "write a value, or false for absent")),
  v.maxLength(
    MAX_ANY_OF,
    message(
      () => `may name ${MAX_ANY_OF} values at most`,
      "use a prefix, or make it a header at the origin",
    ),
  ),
);

const DEFINITIONS: Readonly<Record<string, PredicateDefinition<unknown>>> = PREDICATES;
const names = Object.keys(DEFINITIONS);

function makePredicateSchema() {
  return v.pipe(
    strictObject(
      Object.fromEntries(
        Object.entries(DEFINITIONS).map(([name, definition]) => [
          name,
          v.exactOptional(definition.schema(ConditionSchema)),
        ]),
      ),
      words("condition"),
    ),
    v.check(
      (written) => Object.keys(written).length === 1,
      message(
        () => `must hold just one of ${names.map((name) => `"${name}"`).join(", ")}`,
        'write for example {"prefix": "a"}',
      ),
    ),
  );
}

/** Made when it is first asked for: a condition may hold another, so its schema is a part of itself. */
let predicateSchema: ReturnType<typeof makePredicateSchema> | undefined;

/** A condition as it is written. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the entries come from the registry, and so does the type
export const ConditionSchema = v.lazy((input) => {
  if (typeof input === "string") return TextSchema;
  if (Array.isArray(input)) return ListSchema;
  if (typeof input === "object" && input !== null)
    return (predicateSchema ??= makePredicateSchema());
  return v.boolean(
    expected(
      () => `be a condition: text, a list, true, false, or {${names.join(" | ")}}`,
      'write for example "yes"',
    ),
  );
}) as v.GenericSchema as v.GenericSchema<ConditionInput, ConditionInput>;

const PRESENT = present(() => true);
const ABSENT: Predicate = {
  one: (value) => value === undefined,
  many: (values) => values.length === 0,
};

const asIs: Fold = (value) => value;

/** The test that a condition stands for; `fold` brings its texts into the spelling of the value. */
export function compileCondition(input: ConditionInput, fold: Fold = asIs): Predicate {
  if (input === true) return PRESENT;
  if (input === false) return ABSENT;
  if (typeof input === "string" || Array.isArray(input)) {
    const wanted = new Set((typeof input === "string" ? [input] : input).map(fold));
    return comparing((value) => wanted.has(value));
  }
  return compilePredicate(input, fold, (inner) => compileCondition(inner, fold));
}

function definitionOf(input: PredicateInput) {
  const [[name, written] = ["", undefined]] = Object.entries(input);
  const definition = DEFINITIONS[name];
  if (definition === undefined)
    throw new RangeError(words(() => `the condition "${name}" passed the schema`));
  return { definition, written };
}

/** The test that a condition written as an object stands for; `nested` makes the test of one inside it. */
export function compilePredicate(
  input: PredicateInput,
  fold: Fold,
  nested: (condition: ConditionInput) => Predicate,
): Predicate {
  const { definition, written } = definitionOf(input);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a condition inside another has passed the same schema
  return definition.compile(written, fold, (inner) => nested(inner as ConditionInput));
}

/** Every search that one test of a condition runs. */
export function searchesOf(input: ConditionInput): readonly Search[] {
  if (typeof input !== "object" || Array.isArray(input)) return [];
  const { definition, written } = definitionOf(input);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a condition inside another has passed the same schema
  return definition.searches(written, (inner) => searchesOf(inner as ConditionInput));
}
