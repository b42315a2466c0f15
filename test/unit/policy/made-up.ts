import * as v from "valibot";
import { message } from "../../../src/lib/strict-object.ts";
import { isFields } from "../../../src/policy/check-report.ts";
import type { Common } from "../../../src/policy/common.ts";
import type { LeafNode, Variant } from "../../../src/policy/compiled.ts";
import { NOTHING } from "../../../src/policy/cache-key.ts";
import type { ConditionDefinition } from "../../../src/policy/conditions/definition.ts";
import { CONDITIONS } from "../../../src/policy/conditions/index.ts";
import { DOCS, type LanguageDocs } from "../../../src/policy/docs.ts";
import { none, type SharedField } from "../../../src/policy/fields/definition.ts";
import { FIELDS } from "../../../src/policy/fields/index.ts";
import { makeLanguage } from "../../../src/policy/language.ts";
import type { LeafStrategy } from "../../../src/policy/strategies/definition.ts";
import type { StrategyDocs } from "../../../src/policy/strategies/docs-definition.ts";
import { STRATEGIES } from "../../../src/policy/strategies/index.ts";
import { OriginSchema, type OriginInput } from "../../../src/policy/origin-values.ts";
import { NameSchema, whole } from "../../../src/policy/values.ts";

interface NightShift extends Common {
  strategy: "night-shift";
  day: OriginInput;
  night: { origin: OriginInput };
  fromHour: number;
}

interface NightShiftNode extends LeafNode {
  readonly fromHour: number;
}

const HOUR_MS = 3_600_000;
const hourOf = (now: number): number => Math.floor(now / HOUR_MS) % 24;

/** A strategy that nobody asked for: one origin by day, another by night. */
const nightShift: LeafStrategy<NightShift, NightShiftNode> = {
  kind: "leaf",
  title: "night shift",
  splits: true,
  pins: false,
  rescues: true,
  entries: () => ({
    day: OriginSchema,
    night: v.strictObject({ origin: OriginSchema }),
    fromHour: whole(0, 23, 22),
  }),
  check: ({ fromHour }, report) => {
    if (fromHour === 0) report(["fromHour"], message("leaves no day", "begin the night later"));
  },
  origins: ({ day, night }) => [
    { steps: ["day"], value: day },
    { steps: ["night", "origin"], value: isFields(night) ? night["origin"] : undefined },
  ],
  children: () => [],
  variantNames: () => ["day", "night"],
  variants: ({ day, night }) => [
    { name: "day", origin: day },
    { name: "night", origin: night.origin },
  ],
  compile: ({ fromHour }, leaf) => ({ ...leaf, fromHour }),
  asksWho: () => true,
  marks: () => false,
  keeps: () => undefined,
  decide: (node, _who, now) => ({
    variant: (hourOf(now) >= node.fromHour && node.variants[1]) || node.variants[0],
    reason: "active",
  }),
  shares: ({ fromHour }, now) => (hourOf(now) >= fromHour ? [0, 1] : [1, 0]),
  instants: () => [],
  guard: "nothing",
  defaultVariant: ({ variants }) => variants[0],
  honoursPin: () => false,
  rescuer: ({ variants }, failed) => variants.find((one) => one !== failed),
};

/** A condition that nobody asked for: whether the clock shows an even minute. */
const evenMinute: ConditionDefinition<boolean, boolean> = {
  schema: v.boolean(),
  compile: (written) => written,
  matches: (wanted, facts) => (Math.floor(facts.now / 60_000) % 2 === 0) === wanted,
  cacheKey: () => ({ vary: ["x-minute"], unshareable: true }),
  searches: () => [],
  describe: (wanted) => `the minute is ${wanted ? "even" : "odd"}`,
};

/** What stands in for a variant, or for all. */
interface Understudy {
  origin: OriginInput;
  of?: string;
}

/** A field that nobody asked for: a further origin, perhaps of one variant, with which answers depend on a header. */
const understudy: SharedField<Understudy, Variant | undefined> = {
  schema: () => v.strictObject({ origin: OriginSchema, of: v.exactOptional(NameSchema) }),
  stands: "anywhere",
  atEnd: "nothing",
  inherited: true,
  asksWho: false,
  shared: true,
  names: {
    variants: (written) =>
      isFields(written) && "of" in written ? [{ steps: ["of"], value: written["of"] }] : [],
    origins: (written) =>
      isFields(written) ? [{ steps: ["origin"], value: written["origin"] }] : [],
    children: none,
  },
  compile: (written, { variantOf }) =>
    written && variantOf({ name: "understudy", origin: written.origin }),
  cacheKey: (written) =>
    written === undefined ? NOTHING : { vary: ["x-ill"], unshareable: false },
};

/** The policy language with all three. */
export const MADE_UP = makeLanguage({
  strategies: { ...STRATEGIES, "night-shift": nightShift },
  conditions: { ...CONDITIONS, evenMinute },
  fields: { ...FIELDS, understudy },
});

const nightShiftDocs: StrategyDocs<NightShift> = {
  summary: "One origin by day, another by night.",
  variants: "`day`, `night`",
  fields: {
    day: { value: "origin", meaning: "by day" },
    night: { value: '`{ "origin" }`', meaning: "by night" },
    fromHour: { value: "0 to 23", meaning: "when the night begins (UTC)" },
  },
};

/** What people read of them. */
export const MADE_UP_DOCS: LanguageDocs = {
  ...DOCS,
  strategies: { ...DOCS.strategies, "night-shift": nightShiftDocs },
  conditions: { ...DOCS.conditions, evenMinute: { comparedWith: "`true` in even minutes" } },
  fields: { ...DOCS.fields, understudy: { value: "`{ origin, of? }`", meaning: "who stands in" } },
};
