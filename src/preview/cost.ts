import type { CompiledPolicy, LeafNode, Node, Rule } from "../policy/compiled.ts";
import type { Facts } from "../policy/facts.ts";
import type { Search } from "../policy/predicates/definition.ts";
import { readRegex } from "../policy/predicates/regex-read.ts";
import type { Asked } from "./synthetic.ts";

/**
 * What sending one synthetic visitor costs, counted and not timed, for a Worker's clock stands still
 * while it computes. A unit is about 10 ns of a server's core.
 */

/** Of making a visitor's facts, and of counting where they end. */
const VISITOR_UNITS = 200;

/** Of a decision beside its rules and its draw. */
const DECISION_UNITS = 150;

/** Of one rule, and of each of its conditions, beside what they compare. */
const CONDITION_UNITS = 10;

/** Characters that are compared in one unit. */
const CHARS_PER_UNIT = 6;

/** Characters that are hashed in one unit. */
const HASHED_CHARS_PER_UNIT = 2;

/** Steps of a regular expression in one unit. */
const REGEX_STEPS_PER_UNIT = 4;

/** Characters of a synthetic visitor's id; behind a header or a parameter its name stands before it. */
const ID_CHARS = 32;

function regexUnits(searches: readonly Search[]): number {
  return searches.reduce((sum, { regex }) => {
    if (regex === undefined) return sum;
    const read = readRegex(regex);
    return sum + (read.ok ? read.value.cost / REGEX_STEPS_PER_UNIT : 0);
  }, 0);
}

function ruleUnits({ match }: Rule): number {
  return match.reduce(
    (sum, { definition, written }) =>
      sum +
      CONDITION_UNITS +
      JSON.stringify(written).length / CHARS_PER_UNIT +
      regexUnits(definition.searches(written)),
    CONDITION_UNITS,
  );
}

function drawUnits({ variants, salt, sticky }: LeafNode, identityChars: number): number {
  const sources = sticky === false ? 0 : sticky.by.length;
  return variants.reduce(
    (sum, { name }) =>
      sum + CONDITION_UNITS + (salt.length + identityChars + name.length) / HASHED_CHARS_PER_UNIT,
    sources * CONDITION_UNITS,
  );
}

function nodeUnits(node: Node, identityChars: number): number {
  const own = node.rules.reduce((sum, rule) => sum + ruleUnits(rule), 0);
  const inside = node.rules.flatMap((rule) => (rule.node === undefined ? [] : [rule.node]));
  if (node.kind === "map") inside.push(...node.definition.nodes(node));
  const further = inside.map((one) => nodeUnits(one, identityChars));
  const draw = node.kind === "leaf" ? drawUnits(node, identityChars) : 0;
  return own + Math.max(draw, ...further, 0);
}

/** The units of sending one visitor through policies, once each; those that `narrow` made, so that only what is met counts. */
export function visitorUnits(
  policies: readonly CompiledPolicy[],
  base: Facts,
  asked: Asked,
): number {
  const given = [
    base.ip()?.length ?? 0,
    ...[...asked.headers].map((name) => base.header(name)?.length ?? ID_CHARS + name.length),
    ...[...asked.queries].map((name) => base.query(name)[0]?.length ?? ID_CHARS + name.length),
  ];
  const identityChars = given.reduce((most, chars) => Math.max(most, chars), ID_CHARS);
  return policies.reduce(
    (sum, { root }) => sum + DECISION_UNITS + nodeUnits(root, identityChars),
    VISITOR_UNITS,
  );
}
