import * as v from "valibot";

import { expected, list, message, strictObject, words } from "../../lib/strict-object.ts";
import { joinCacheKeys } from "../cache-key.ts";
import { isFields, listOf } from "../check-report.ts";
import type { Rule } from "../compiled.ts";
import { prefixesOf } from "../conditions/path.ts";
import type { MatchInput } from "../conditions/index.ts";
import { MAX_RULES } from "../limits.ts";
import { cacheKeyOfMatch, compileMatch } from "../match.ts";
import { takesPrefixOff } from "../rewrite.ts";
import type { Policy } from "../schema.ts";
import { FlagSchema, NameSchema } from "../values.ts";
import type { Inside, NodeField } from "./definition.ts";

/** A rule as it is written. */
export interface RuleInput {
  name?: string;
  match: MatchInput;
  variant?: string;
  policy?: Policy;
  pin?: boolean;
}

/** Whether a rule's policy is forwarded to without the prefix that the rule matched. Its own word alone: a map's is about its keys. */
const strips = ({ policy }: RuleInput): boolean =>
  typeof policy === "object" && takesPrefixOff(policy) === true;

/** A rule leads to a variant of its policy, or to a policy of its own. */
const ruleSchema = (
  match: v.GenericSchema<MatchInput, MatchInput>,
  policy: v.GenericSchema<Policy, Policy>,
): v.GenericSchema<RuleInput> =>
  v.pipe(
    strictObject(
      {
        name: v.exactOptional(NameSchema),
        match,
        variant: v.exactOptional(NameSchema),
        policy: v.exactOptional(policy),
        pin: v.exactOptional(FlagSchema),
      },
      words("rule"),
    ),
    v.check(
      (rule) => "variant" in rule !== "policy" in rule,
      message('must hold either "variant" or "policy"', 'write for example "variant": "canary"'),
    ),
    v.rawCheck(({ dataset, addIssue }) => {
      if (!dataset.typed || !strips(dataset.value)) return;
      const { policy: led, match: asked } = dataset.value;
      if (typeof led !== "object" || prefixesOf(asked.path).length > 0) return;
      const field = led.rewrite === undefined ? "stripPrefix" : "rewrite";
      const step = { type: "object", origin: "value" } as const;
      addIssue({
        path: [
          { ...step, input: {}, key: "policy", value: led },
          { ...step, input: {}, key: field, value: led[field] },
        ],
        message: message(
          'has nothing to take off: the rule\'s "match" names no prefix',
          () => `write "match": {"path": "/x/*"}, or leave "${field}" out`,
        ),
      });
    }),
  );

const rulesSchema = ({ match, policy }: Inside) =>
  v.pipe(
    list(
      ruleSchema(match, policy),
      expected("be a list of rules", 'write [{"match": {…}, "variant": "…"}]'),
    ),
    v.maxLength(
      MAX_RULES,
      message(
        () => `may hold ${MAX_RULES} rules at most`,
        "use a path-map, or lists inside a condition",
      ),
    ),
  );

/** What each rule leads to, by the field that says so. */
const led = (written: unknown, field: "variant" | "policy") =>
  listOf(written).flatMap((rule, index) =>
    isFields(rule) && field in rule
      ? [
          {
            steps: [index, field],
            value: rule[field],
            name: typeof rule["name"] === "string" ? rule["name"] : undefined,
          },
        ]
      : [],
  );

/** What a rule adds to the default salt. Named, never numbered: a rule added before it must not reshuffle its visitors. */
const segmentOf = (name: string): string => `#${name}`;

/** What a rule without a name adds to the default salt. */
export const UNNAMED_RULE = segmentOf("");

/** Targeting: the first rule that matches leads to a variant, or to a policy of its own. */
export const rules: NodeField<RuleInput[], readonly Rule[]> = {
  schema: rulesSchema,
  stands: "anywhere",
  atEnd: rulesSchema,
  inherited: false,
  asksWho: false,
  shared: false,
  names: {
    variants: (written) => led(written, "variant"),
    origins: () => [],
    children: (written) =>
      led(written, "policy").map((one) => ({
        ...one,
        prefix: "",
        segment: one.name === undefined ? undefined : segmentOf(one.name),
        named: [...one.steps.slice(0, -1), "name"],
      })),
  },
  compile: (written = [], { conditions, variants, child }) =>
    written.map((rule) => ({
      name: rule.name ?? "",
      match: compileMatch(rule.match, conditions),
      variant: variants.find(({ name }) => name === rule.variant),
      pin: rule.pin ?? false,
      prefixes: prefixesOf(rule.match.path),
      strip: strips(rule),
      node:
        rule.policy === undefined
          ? undefined
          : child(rule.policy, rule.name === undefined ? UNNAMED_RULE : segmentOf(rule.name)),
    })),
  cacheKey: (written = [], { conditions }) =>
    joinCacheKeys(written.map((rule) => cacheKeyOfMatch(compileMatch(rule.match, conditions)))),
};
