import * as v from "valibot";

import { strictObject, record, expected, message } from "../lib/strict-object.ts";
import {
  MAX_PREFIXES,
  MAX_RETRIES,
  MAX_RULES,
  MAX_SALT_CHARS,
  MAX_VARIANTS,
  MAX_WEIGHT,
} from "./limits.ts";
import { MatchSchema } from "./match-schema.ts";
import { nearest } from "../lib/nearest.ts";
import { StickySchema } from "./sticky.ts";
import { LeaseSchema, NextSchema, RampSchema } from "./time.ts";
import {
  FlagSchema,
  HeadersSchema,
  NameSchema,
  OriginSchema,
  OriginUrlSchema,
  TimeoutSchema,
  TokenSchema,
  percent,
  text,
  whole,
  word,
} from "./values.ts";

/** A policy inside a policy; its type is spelled out below, where inference cannot follow the recursion. */
const NestedSchema: v.GenericSchema = v.lazy((): v.GenericSchema => PolicySchema);

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
const RuleSchema = v.pipe(
  strictObject(
    {
      name: v.exactOptional(NameSchema),
      match: MatchSchema,
      variant: v.exactOptional(NameSchema),
      policy: v.exactOptional(NestedSchema),
    },
    "rule",
  ),
  v.check(
    (rule) => "variant" in rule !== "policy" in rule,
    message('must hold either "variant" or "policy"', 'write for example "variant": "canary"'),
  ),
);

/** The fields every policy may carry; on a path-map they are defaults for its children. */
const shared = {
  salt: v.exactOptional(text(MAX_SALT_CHARS, "a salt")),
  epoch: v.exactOptional(whole(0, Number.MAX_SAFE_INTEGER, 1)),
  sticky: v.exactOptional(StickySchema),
  rules: v.exactOptional(
    v.pipe(
      v.array(RuleSchema, expected("be a list of rules", 'write [{"match": {…}, "variant": "…"}]')),
      v.maxLength(
        MAX_RULES,
        message(
          `may hold ${MAX_RULES} rules at most`,
          "use a path-map, or lists inside a condition",
        ),
      ),
    ),
  ),
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

const splitting = { ...shared, force: v.exactOptional(NameSchema) };

const strategy = <const TName extends string>(name: TName) => ({ strategy: v.literal(name) });

const WeightedVariantSchema = strictObject(
  {
    name: NameSchema,
    origin: OriginSchema,
    weight: whole(0, MAX_WEIGHT, 50),
    headers: v.exactOptional(HeadersSchema),
  },
  "variant",
);

/** One origin; the data of the documentation example, which has no `strategy`, is this too. */
export const SingleSchema = strictObject(
  { strategy: v.exactOptional(v.literal("single")), origin: OriginSchema, ...splitting },
  "single policy",
);

/** A/B/n by weight. */
export const WeightedSchema = strictObject(
  {
    ...strategy("weighted"),
    variants: v.pipe(
      v.array(
        WeightedVariantSchema,
        expected("be a list of variants", 'write [{"name": …, "origin": …, "weight": …}]'),
      ),
      v.minLength(
        1,
        message("must hold one variant at least", 'write [{"name": …, "origin": …, "weight": …}]'),
      ),
      v.maxLength(
        MAX_VARIANTS,
        message(`may hold ${MAX_VARIANTS} variants at most`, "take variants out"),
      ),
    ),
    ...splitting,
  },
  "weighted policy",
);

/** A stable origin and a canary with a share of the visitors. */
export const CanarySchema = strictObject(
  {
    ...strategy("canary"),
    stable: OriginSchema,
    canary: OriginSchema,
    percent: v.exactOptional(percent()),
    ramp: v.exactOptional(RampSchema),
    lease: v.exactOptional(LeaseSchema),
    ...splitting,
  },
  "canary policy",
);

/** One colour serves everybody. */
export const BlueGreenSchema = strictObject(
  {
    ...strategy("blue-green"),
    blue: OriginSchema,
    green: OriginSchema,
    active: word(["blue", "green"]),
    next: v.exactOptional(NextSchema),
    ...splitting,
  },
  "blue-green policy",
);

/** Longest prefix decides; values are policies. */
export const PathMapSchema = strictObject(
  {
    ...strategy("path-map"),
    paths: v.pipe(
      record(
        v.string(),
        NestedSchema,
        expected(
          "be an object of prefixes and policies",
          'write {"/admin": "https://admin.example.com"}',
        ),
      ),
      v.check(
        (paths) => Object.keys(paths).length <= MAX_PREFIXES,
        message(`may hold ${MAX_PREFIXES} prefixes at most`, "give a tenant its own key, or nest"),
      ),
    ),
    default: v.exactOptional(NestedSchema),
    ...shared,
  },
  "path-map",
);

const byStrategy = {
  single: SingleSchema,
  weighted: WeightedSchema,
  canary: CanarySchema,
  "blue-green": BlueGreenSchema,
  "path-map": PathMapSchema,
} as const;

/** The five strategies, as a policy names them. */
export const STRATEGIES = [
  "single",
  "weighted",
  "canary",
  "blue-green",
  "path-map",
] as const satisfies readonly (keyof typeof byStrategy)[];

const names = STRATEGIES.map((name) => `"${name}"`).join(", ");

/** Reports a policy whose `strategy` is absent or unknown, at that field. */
function strategyFault(value: unknown) {
  const near = typeof value === "string" ? nearest(value, STRATEGIES) : undefined;
  const [what, fix] =
    value === undefined
      ? ['is missing: neither "strategy" nor "origin" is there', `add "strategy": one of ${names}`]
      : [`is none of ${names}`, near === undefined ? `use one of them` : `did you mean "${near}"?`];
  return v.looseObject(
    { strategy: v.custom<never>(() => false, message(what, fix)) },
    message(what, fix),
  );
}

function choose(input: unknown) {
  if (typeof input === "string") return OriginUrlSchema;
  if (typeof input !== "object" || input === null || Array.isArray(input)) {
    return v.custom<never>(
      () => false,
      expected(
        'be a policy: an origin URL, or an object with "strategy"',
        'write for example "https://www.example.com"',
      ),
    );
  }
  const value: unknown = "strategy" in input ? input.strategy : undefined;
  if (value === undefined && "origin" in input) return SingleSchema;
  const known = STRATEGIES.find((name) => name === value);
  return known === undefined ? strategyFault(value) : byStrategy[known];
}

type Input<TSchema extends v.GenericSchema> = v.InferOutput<TSchema>;

/** What a schema says, with the recursion spelled out. */
type Nested<T> = Omit<T, "rules"> & { rules?: Rule[] };

export type Rule = Omit<Input<typeof RuleSchema>, "policy"> & { policy?: Policy };
export type Single = Nested<Input<typeof SingleSchema>>;
export type Weighted = Nested<Input<typeof WeightedSchema>>;
export type Canary = Nested<Input<typeof CanarySchema>>;
export type BlueGreen = Nested<Input<typeof BlueGreenSchema>>;
export type PathMap = Nested<Omit<Input<typeof PathMapSchema>, "paths" | "default">> & {
  paths: Record<string, Policy>;
  default?: Policy;
};

/** A policy as it is written: an origin's URL, or one of the five strategies. */
export type Policy = string | Single | Weighted | Canary | BlueGreen | PathMap;

/** A policy as it is written, checked for shape; the rules between fields stand in `check.ts`. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- NestedSchema hides the recursion from inference; the types above spell it out
export const PolicySchema = v.lazy((input) => choose(input)) as v.GenericSchema as v.GenericSchema<
  Policy,
  Policy
>;
