import { expect, test } from "vitest";
import { parseValue } from "../../../src/policy/parse.ts";
import { warningsOf } from "../../../src/policy/warnings.ts";
import { ORIGIN, weighted } from "./judge.ts";

test.each([
  ["__proto__", 1],
  ["constructor", 1],
  ["prototype", 1],
  ["toString", 0],
])("of a variant called %s: %d", (name, count) => {
  const variants = ["a", name].map((one) => ({ name: one, origin: ORIGIN, weight: 1 }));
  const parsed = parseValue(weighted({ variants }), { allowPrivateOrigins: false });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  const told = warningsOf(parsed.policy).map(({ message }) => message);
  expect(told).toHaveLength(count);
  for (const message of told) expect(message).toContain(`"${name}"`);
});
