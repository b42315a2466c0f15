import { describe, expect, it } from "vitest";

import { decide } from "../../support/decide.ts";
import { REASONS } from "../../../src/policy/reason.ts";
import { ORDER, SUBJECTS, arrange, type Field, type State, type States } from "./layers.ts";

/** What takes a second may take many on a machine with other work. */
const BUSY_MS = 30_000;

const fieldsOf = (subject: (typeof SUBJECTS)[number]): Field[] =>
  ORDER.filter((field) => subject.outcomes[field] !== undefined);

const answer = (subject: (typeof SUBJECTS)[number], states: States) => {
  const { policy, facts } = arrange(subject, states);
  const decision = decide(policy, facts);
  return { variant: decision?.variant.name, reason: decision?.reason };
};

describe.each(SUBJECTS)("the order of decision of $name", (subject) => {
  const fields = fieldsOf(subject);
  const pairs = fields.flatMap((first, index) =>
    fields.slice(index + 1).map((second) => [first, second] as const),
  );

  it.each(fields)("%s alone decides", (field) => {
    expect(answer(subject, { [field]: "deciding" })).toEqual(subject.outcomes[field]);
  });

  it.each(pairs)("%s goes before %s", (first, second) => {
    const states = { [first]: "deciding", [second]: "deciding" } as const;
    expect(answer(subject, states)).toEqual(subject.outcomes[first]);
  });

  it.each(pairs)("%s that does not apply leaves it to %s", (first, second) => {
    const states = { [first]: "passing", [second]: "deciding" } as const;
    expect(answer(subject, states)).toEqual(subject.outcomes[second]);
  });

  it(
    "is the same for every combination of fields, present or not, deciding or not",
    { timeout: BUSY_MS },
    () => {
      const kinds: readonly State[] = ["absent", "passing", "deciding"];
      const optional = fields.filter((field) => field !== "strategy");
      const count = kinds.length ** optional.length;
      // Held against each other here: to have Vitest do it takes most of the time, and it is told of those alone that differ.
      const wrong: unknown[] = [];
      for (let number = 0; number < count; number += 1) {
        const states: Partial<Record<Field, State>> = {};
        for (const [place, field] of optional.entries()) {
          states[field] =
            kinds[Math.floor(number / kinds.length ** place) % kinds.length] ?? "absent";
        }
        const first = fields.find((field) => states[field] === "deciding") ?? "strategy";
        const { variant, reason } = answer(subject, states);
        const due = subject.outcomes[first];
        if (variant !== due?.variant || reason !== due?.reason)
          wrong.push({ states, variant, reason, due });
      }
      expect(wrong).toEqual([]);
    },
  );
});

it("lists the reasons in this order", () => {
  const reasons = ORDER.map(
    (field) => SUBJECTS.find(({ outcomes }) => outcomes[field])?.outcomes[field]?.reason,
  );
  expect([...new Set(reasons)]).toEqual(REASONS.slice(0, REASONS.indexOf("split") + 1));
});
