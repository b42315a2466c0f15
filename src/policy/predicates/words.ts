import type { ConditionInput } from "./condition.ts";

/** A condition in words, to stand behind what it is about: `is "a"`, `is absent`, `has the prefix "a"`. */
export function conditionInWords(condition: ConditionInput): string {
  if (typeof condition === "boolean") return condition ? "is there" : "is absent";
  if (typeof condition === "string") return `is ${JSON.stringify(condition)}`;
  const listed = Array.isArray(condition);
  const parts = listed ? condition.map((one) => JSON.stringify(one)) : [JSON.stringify(condition)];
  return `${listed ? "is one of" : "fits"} ${parts.join(", ")}`;
}
