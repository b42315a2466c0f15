import * as v from "valibot";
import { expect, test } from "vitest";

import { GoalsSchema } from "../../../src/api/goals.ts";
import { GuardSchema } from "../../../src/api/guard.ts";
import { CONTRACT } from "../../../src/api/operations.ts";
import { blocksOf, page } from "../docs/markdown.ts";

const examples = blocksOf(page("docs/control-api.md"))
  .filter(({ info }) => info === "json")
  .map(({ text }) => JSON.parse(text) as object);

/** What the page shows in JSON, in its order, and the schema that judges such a text. */
const SHOWN: readonly (readonly [string, v.GenericSchema])[] = [
  ["a sign-in code", CONTRACT.makeSignInCode.answers[201].schema],
  ["status", CONTRACT.status.answers[200].schema],
  ["metrics", CONTRACT.routeMetrics.answers[200].schema],
  ["guard", GuardSchema],
  ["exposures", CONTRACT.exposures.answers[200].schema],
  ["goals", GoalsSchema],
  ["health", CONTRACT.health.answers[200].schema],
];

test("each example of the page has a schema that it is held against", () => {
  expect(examples).toHaveLength(SHOWN.length);
});

test.each(SHOWN.map(([name, schema], index) => ({ name, schema, index })))(
  "the example of $name is what the API tells or takes, to the last field",
  ({ schema, index }) => {
    // Answers are read without the fields that nobody knows: equal means that there is none.
    expect(v.parse(schema, examples[index])).toEqual(examples[index]);
  },
);
