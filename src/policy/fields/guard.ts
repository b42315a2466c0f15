import * as v from "valibot";

import { GUARD_ACTIONS, type GuardAction, type GuardCheck } from "../../lib/guard.ts";
import { expected, list, message, strictObject, words } from "../../lib/strict-object.ts";
import { dependsOnNothing } from "../cache-key.ts";
import type { Guard } from "../compiled.ts";
import {
  MAX_GUARD_CHECKS,
  MAX_GUARD_VISITORS,
  MAX_LATENCY_INCREASE,
  MAX_RECEIVERS,
  MAX_TIMEOUT_MS,
  MAX_WINDOW_SECONDS,
  MIN_WINDOW_SECONDS,
} from "../limits.ts";
import { FlagSchema, NameSchema, whole, word } from "../values.ts";
import { checkGuard } from "./guard-rules.ts";
import { none, type NodeField } from "./definition.ts";

/** A guard as it is written. */
export interface GuardInput {
  checks: GuardCheck[];
  windowSeconds?: number;
  minVisitors?: number;
  action?: GuardAction;
  control?: string;
  earn?: boolean;
  notify?: string[];
}

/** The window and the visitors where a guard says nothing. */
const [DEFAULT_WINDOW_SECONDS, DEFAULT_VISITORS] = [300, 10];

/** A number above `low`, and below or at `high`. */
function within(low: number, high: number, example: number) {
  const invalid = expected(
    () => `be a number above ${low}, ${high} at most`,
    () => `write for example ${example}`,
  );
  return v.pipe(v.number(invalid), v.gtValue(low, invalid), v.maxValue(high, invalid));
}

/** A share in percent that something may have and still be exceeded. */
function limit(example: number) {
  const invalid = expected("be a number from 0 to below 100", () => `write for example ${example}`);
  return v.pipe(v.number(invalid), v.minValue(0, invalid), v.ltValue(100, invalid));
}

const invalidQuantile = expected("be a number between 0 and 1", "write for example 0.95");
const QuantileSchema = v.pipe(
  v.number(invalidQuantile),
  v.gtValue(0, invalidQuantile),
  v.ltValue(1, invalidQuantile),
);

/** A check has one limit of two. */
const either = <TCheck extends object>(one: string, other: string) =>
  v.check(
    (check: TCheck) => one in check !== other in check,
    message(
      () => `must hold either "${one}" or "${other}"`,
      () => `keep one of them; a second check may hold the other`,
    ),
  );

const CHECKS = {
  failures: v.pipe(
    strictObject(
      {
        metric: v.literal("failures"),
        max: v.exactOptional(limit(2)),
        maxIncrease: v.exactOptional(limit(1)),
      },
      words("check of failures"),
    ),
    either("max", "maxIncrease"),
  ),
  latency: v.pipe(
    strictObject(
      {
        metric: v.literal("latency"),
        quantile: QuantileSchema,
        maxMs: v.exactOptional(whole(1, MAX_TIMEOUT_MS, 800)),
        maxIncrease: v.exactOptional(within(0, MAX_LATENCY_INCREASE, 25)),
      },
      words("check of latency"),
    ),
    either("maxMs", "maxIncrease"),
  ),
  srm: strictObject({ metric: v.literal("srm") }, words("check of the split")),
  goal: strictObject(
    { metric: v.literal("goal"), goal: NameSchema, maxDrop: within(0, 100, 5) },
    words("check of a goal"),
  ),
};

type Metric = keyof typeof CHECKS;

const isMetric = (metric: unknown): metric is Metric =>
  typeof metric === "string" && Object.hasOwn(CHECKS, metric);

/** A check of a metric that is none: it is always refused. */
const MetricSchema = {
  ...v.object(
    { metric: word(["failures", "latency", "srm", "goal"]) },
    expected("be a check", 'write {"metric": "failures", "maxIncrease": 1}'),
  ),
  // To whoever makes documents of schemas it stands for all checks, and those have further fields.
  type: "loose_object",
};

const CheckSchema = v.lazy((input): v.GenericSchema => {
  const metric: unknown =
    typeof input === "object" && input !== null && "metric" in input ? input.metric : undefined;
  return isMetric(metric) ? CHECKS[metric] : MetricSchema;
});

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `either` holds each check to one limit, which types of schemas cannot say
const GuardSchema = strictObject(
  {
    checks: v.pipe(
      list(
        CheckSchema,
        expected("be a list of checks", 'write [{"metric": "failures", "maxIncrease": 1}]'),
      ),
      v.minLength(
        1,
        message("must hold one check at least", 'write [{"metric": "failures", "maxIncrease": 1}]'),
      ),
      v.maxLength(
        MAX_GUARD_CHECKS,
        message(
          () => `may hold ${MAX_GUARD_CHECKS} checks at most`,
          "keep those that would take a release back",
        ),
      ),
    ),
    windowSeconds: v.exactOptional(whole(MIN_WINDOW_SECONDS, MAX_WINDOW_SECONDS, 300)),
    minVisitors: v.exactOptional(whole(1, MAX_GUARD_VISITORS, 10)),
    action: v.exactOptional(word(GUARD_ACTIONS)),
    control: v.exactOptional(NameSchema),
    earn: v.exactOptional(FlagSchema),
    notify: v.exactOptional(
      v.pipe(
        list(NameSchema, expected("be a list of receivers", 'write ["ops"]')),
        v.maxLength(
          MAX_RECEIVERS,
          message(() => `may name ${MAX_RECEIVERS} receivers at most`, "name each once"),
        ),
      ),
    ),
  },
  words("guard"),
) as unknown as v.GenericSchema<GuardInput>;

/** Whether a check is about what happened in a window. */
const isOfWindow = (check: GuardCheck): boolean => check.metric === "latency" || "max" in check;

/** What takes a variant back by itself where it does harm. */
export const guard: NodeField<GuardInput, Guard | undefined> = {
  schema: () => GuardSchema,
  stands: "at-leaf",
  atEnd: "nothing",
  inherited: false,
  asksWho: false,
  shared: false,
  names: {
    variants: (written) =>
      typeof written === "object" && written !== null && "control" in written
        ? [{ steps: ["control"], value: written.control }]
        : [],
    origins: none,
    children: none,
  },
  check: checkGuard,
  compile(written, { definition }) {
    const guarding = definition?.guard ?? "nothing";
    if (written === undefined || guarding === "nothing") return undefined;
    return {
      checks: written.checks,
      windowMs: (written.windowSeconds ?? DEFAULT_WINDOW_SECONDS) * 1000,
      minVisitors: written.minVisitors ?? DEFAULT_VISITORS,
      action: written.action ?? guarding.actions[0],
      control: written.control,
      earn: written.earn ?? false,
      notify: written.notify ?? [],
      watches: written.checks.some(isOfWindow),
    };
  },
  cacheKey: dependsOnNothing,
};
