import * as v from "valibot";

import { expected, list, strictObject } from "../lib/strict-object.ts";
import { InstantSchema, NameSchema, text } from "../policy/values.ts";
import type { GoalsTaken } from "../report/answers.ts";
import { MAX_GOAL_ID_CHARS } from "../report/measured.ts";
import { answer, type Definition } from "./definition.ts";
import { MAX_POSTED_GOALS } from "./limits.ts";
import { Count } from "./shared.ts";

const digestWords = expected(
  "be a visitor's digest: 16 hexadecimal digits in lower case",
  'send what the origin was told as X-Switchyard-Visitor, for example "0123456789abcdef"',
);

/** The digest of a visitor, as exposures and the header for origins tell it. */
export const DigestSchema = v.pipe(v.string(digestWords), v.regex(/^[0-9a-f]{16}$/, digestWords));

const valueWords = expected("be a finite number from 0", "write for example 49.9");
const countWords = expected(
  `have 1 to ${MAX_POSTED_GOALS} goals`,
  "send the others in a request of their own",
);

const PostedGoalSchema = strictObject(
  {
    digest: DigestSchema,
    name: NameSchema,
    value: v.exactOptional(
      v.pipe(v.number(valueWords), v.finite(valueWords), v.minValue(0, valueWords)),
    ),
    id: v.exactOptional(text(MAX_GOAL_ID_CHARS, "an id of the goal")),
    at: v.exactOptional(InstantSchema),
  },
  "goal",
);

/** Conversions that are known elsewhere. */
export const GoalsSchema = strictObject(
  {
    goals: v.pipe(
      list(PostedGoalSchema, expected("be a list of goals", 'write [{"digest": …, "name": …}]')),
      v.minLength(1, countWords),
      v.maxLength(MAX_POSTED_GOALS, countWords),
    ),
  },
  "request",
);

/** What goals are posted as. */
export type GoalsRequest = v.InferInput<typeof GoalsSchema>;

const TakenSchema: v.GenericSchema<GoalsTaken> = v.object({
  taken: Count,
  known: Count,
  unknown: Count,
});

/** What became of posted goals. */
const TAKEN = answer("GoalsTaken", TakenSchema);

export const GOALS = {
  postGoals: {
    method: "POST",
    path: "/routes/:key/goals",
    // Goals decide who wins, and may make a guard act: whoever posts them does what an action does.
    role: "operate",
    summary: "Tell conversions that are known elsewhere",
    body: GoalsSchema,
    answers: { 200: TAKEN },
    problems: ["body-invalid", "unknown-goal", "route-not-found", "hub-unavailable"],
  },
} as const satisfies Record<string, Definition>;
