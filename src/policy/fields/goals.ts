import * as v from "valibot";

import { isReservedName } from "../../lib/reserved-names.ts";
import { shorten } from "../../lib/shorten.ts";
import { expected, list, message, strictObject, words } from "../../lib/strict-object.ts";
import { dependsOnNothing } from "../cache-key.ts";
import { isFields, listOf } from "../check-report.ts";
import type { Goal } from "../compiled.ts";
import type { MatchInput } from "../conditions/index.ts";
import { MAX_CAP, MAX_GOALS } from "../limits.ts";
import { compileMatch, type Conditions } from "../match.ts";
import { NameSchema, TOKEN, whole, word } from "../values.ts";
import type { Inside, NodeField } from "./definition.ts";

/** A goal as it is written. */
export interface GoalInput {
  name: string;
  match?: MatchInput;
  status?: (StatusClass | number)[];
  from?: "origin";
  count?: "once" | "every";
  cap?: number;
}

const CLASSES = ["2xx", "3xx", "4xx", "5xx"] as const;

type StatusClass = (typeof CLASSES)[number];

const [FIRST_STATUS, LAST_STATUS] = [200, 599];

/** Every status and every class, once each. */
const MAX_STATUSES = LAST_STATUS - FIRST_STATUS + 1 + CLASSES.length;

const StatusSchema = v.lazy((input): v.GenericSchema<StatusClass | number> =>
  typeof input === "number" ? whole(FIRST_STATUS, LAST_STATUS, 201) : word(CLASSES),
);

const StatusesSchema = v.pipe(
  list(StatusSchema, expected("be a list of statuses", 'write ["2xx", 304]')),
  v.minLength(1, message("must name one status at least", 'write ["2xx"], or leave it out')),
  v.maxLength(
    MAX_STATUSES,
    message(() => `may name ${MAX_STATUSES} statuses at most`, "name each once"),
  ),
);

const mustBeCap = expected(
  () => `be a number above 0, ${MAX_CAP} at most`,
  "write for example 500",
);

const CapSchema = v.pipe(
  v.number(mustBeCap),
  v.gtValue(0, mustBeCap),
  v.maxValue(MAX_CAP, mustBeCap),
);

/** Where in a goal, or in a list of goals, something is wrong. */
const at = (...steps: readonly (string | number)[]) =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- of a path only the keys are read, and there is one at least
  steps.map((key) => ({ type: "object", origin: "value", input: {}, key, value: undefined })) as [
    v.ObjectPathItem,
  ];

const GoalNameSchema = v.pipe(
  NameSchema,
  v.check(
    (name) => !isReservedName(name),
    expected("be a name that is not reserved", "choose another name"),
  ),
);

const goalSchema = (match: Inside["match"]): v.GenericSchema<GoalInput> =>
  v.pipe(
    strictObject(
      {
        name: GoalNameSchema,
        match: v.exactOptional(match),
        status: v.exactOptional(StatusesSchema),
        from: v.exactOptional(word(["origin"])),
        count: v.exactOptional(word(["once", "every"])),
        cap: v.exactOptional(CapSchema),
      },
      words("goal"),
    ),
    v.check(
      (goal) => "match" in goal !== "from" in goal,
      message(
        'must hold either "match" or "from"',
        'write for example "match": {"path": "/checkout/done"}, or "from": "origin"',
      ),
    ),
    v.rawCheck(({ dataset, addIssue }) => {
      if (!dataset.typed || dataset.value.from === undefined) return;
      if ("status" in dataset.value)
        addIssue({
          path: at("status"),
          message: message(
            'is about requests that "match", and the origin tells of this goal on any answer',
            'take "status" away',
          ),
        });
      // It stands in a list of an HTTP field, between commas and semicolons.
      if (!TOKEN.test(dataset.value.name))
        addIssue({
          path: at("name"),
          message: message(
            () =>
              `must be a token (letters, digits and !#$%&'*+-.^_\`|~) where the origin tells of the goal, not "${shorten(dataset.value.name)}"`,
            "take the other characters out: X-Switchyard-Goal could not name it",
          ),
        });
    }),
  );

const goalsSchema = ({ match }: Inside): v.GenericSchema<GoalInput[]> =>
  v.pipe(
    list(
      goalSchema(match),
      expected("be a list of goals", 'write [{"name": "purchase", "match": {…}}]'),
    ),
    v.maxLength(
      MAX_GOALS,
      message(() => `may hold ${MAX_GOALS} goals at most`, "keep those that decide something"),
    ),
    v.rawCheck(({ dataset, addIssue }) => {
      const seen = new Set<unknown>();
      for (const [index, goal] of listOf(dataset.value).slice(0, MAX_GOALS).entries()) {
        const name: unknown = isFields(goal) ? goal["name"] : undefined;
        if (typeof name !== "string") continue;
        if (seen.has(name))
          addIssue({
            path: at(index, "name"),
            message: message(
              () => `"${shorten(name)}" is the name of two goals`,
              "give each goal a name of its own",
            ),
          });
        seen.add(name);
      }
    }),
  );

const DEFAULT_STATUSES: StatusClass[] = CLASSES.slice(0, 2);

const NO_GOALS: readonly Goal[] = [];

function compileGoal(
  { name, match, status = DEFAULT_STATUSES, count = "once", cap }: GoalInput,
  conditions: Conditions,
): Goal {
  const classes = new Set<number>();
  const statuses = new Set<number>();
  for (const one of status) {
    if (typeof one === "number") statuses.add(one);
    else classes.add(Number(one[0]));
  }
  const compiled = match && compileMatch(match, conditions);
  return { name, match: compiled, classes, statuses, count, cap };
}

/** What counts as success of the whole route: its experiments are compared by it. */
export const goals: NodeField<GoalInput[], readonly Goal[]> = {
  schema: goalsSchema,
  stands: "at-root",
  atEnd: "nothing",
  inherited: false,
  asksWho: false,
  shared: false,
  names: "nothing",
  compile: (written, { conditions }) =>
    written?.map((goal) => compileGoal(goal, conditions)) ?? NO_GOALS,
  cacheKey: dependsOnNothing,
};
