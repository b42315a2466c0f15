import * as v from "valibot";

import { expected, message, strictObject } from "../lib/strict-object.ts";
import type { MatchInput } from "./conditions/index.ts";
import { MAX_RETRIES, MAX_RULES, MAX_SALT_CHARS } from "./limits.ts";
import type { Policy } from "./schema.ts";
import { StickySchema } from "./sticky.ts";
import {
  FlagSchema,
  HeadersSchema,
  NameSchema,
  OriginSchema,
  TimeoutSchema,
  TokenSchema,
  percent,
  text,
  whole,
  word,
} from "./values.ts";

const GroupSchema = v.pipe(
  strictObject({ name: NameSchema, from: percent(), to: percent() }, "group"),
  v.check(
    (group) => group.from < group.to,
    message('must have "from" below "to"', 'write for example "from": 0, "to": 50'),
  ),
);

const RetrySchema = strictObject(
  {
    attempts: whole(1, MAX_RETRIES, 1),
    on: v.exactOptional(
      v.pipe(
        v.array(
          v.picklist(
            ["network", "timeout", 502, 503, 504],
            expected('be "network", "timeout", 502, 503 or 504', 'write "network"'),
          ),
          expected("be a list", 'write ["network", "timeout"]'),
        ),
        v.minLength(1, message("must name one failure at least", 'write ["network", "timeout"]')),
      ),
    ),
  },
  "retry",
);

const MirrorSchema = strictObject({ origin: OriginSchema, percent: percent() }, "mirror");

const ConsentSchema = strictObject(
  {
    cookie: TokenSchema,
    value: v.exactOptional(v.string(expected("be text", "write the cookie's value"))),
  },
  "consent",
);

/** A rule leads to a variant of its policy, or to a policy of its own. */
const ruleSchema = (match: v.GenericSchema<MatchInput, MatchInput>, nested: v.GenericSchema) =>
  v.pipe(
    strictObject(
      {
        name: v.exactOptional(NameSchema),
        match,
        variant: v.exactOptional(NameSchema),
        policy: v.exactOptional(nested),
      },
      "rule",
    ),
    v.check(
      (rule) => "variant" in rule !== "policy" in rule,
      message('must hold either "variant" or "policy"', 'write for example "variant": "canary"'),
    ),
  );

/** The fields every policy may carry; on a path-map they are defaults for its children. */
const identity = {
  salt: v.exactOptional(text(MAX_SALT_CHARS, "a salt")),
  epoch: v.exactOptional(whole(0, Number.MAX_SAFE_INTEGER, 1)),
  sticky: v.exactOptional(StickySchema),
};

/** The others, rules aside. */
const fields = {
  coverage: v.exactOptional(percent()),
  group: v.exactOptional(GroupSchema),
  headers: v.exactOptional(HeadersSchema),
  stripPrefix: v.exactOptional(FlagSchema),
  timeoutMs: v.exactOptional(TimeoutSchema),
  retry: v.exactOptional(RetrySchema),
  rescue: v.exactOptional(FlagSchema),
  assetRescue: v.exactOptional(FlagSchema),
  fallback: v.exactOptional(OriginSchema),
  mirror: v.exactOptional(MirrorSchema),
  override: v.exactOptional(word(["signed", "open", "off"])),
  bots: v.exactOptional(NameSchema),
  consent: v.exactOptional(ConsentSchema),
};

/** The same, and the rules, whose policies stand inside. */
export const commonEntries = (
  match: v.GenericSchema<MatchInput, MatchInput>,
  nested: v.GenericSchema,
) => ({
  ...identity,
  rules: v.exactOptional(
    v.pipe(
      v.array(
        ruleSchema(match, nested),
        expected("be a list of rules", 'write [{"match": {…}, "variant": "…"}]'),
      ),
      v.maxLength(
        MAX_RULES,
        message(
          `may hold ${MAX_RULES} rules at most`,
          "use a path-map, or lists inside a condition",
        ),
      ),
    ),
  ),
  ...fields,
});

/** What only a policy with variants may carry beside them. */
export const leafEntries = { force: v.exactOptional(NameSchema) };

/** A rule as it is written. */
export interface Rule {
  name?: string;
  match: MatchInput;
  variant?: string;
  policy?: Policy;
}

/** The common fields as they are written; only policies with variants have `force`. */
export interface Common extends v.InferOutput<
  v.ObjectSchema<typeof identity & typeof fields, undefined>
> {
  rules?: Rule[];
  force?: string;
}
