import { MAX_GOAL_ID_CHARS } from "../../report/measured.ts";

/** The field in which an origin tells of goals; no client ever sees it. */
export const GOAL_FIELD = "x-switchyard-goal";

/** What is read of one field: goals, and characters of them all. */
export const MAX_FIELD_GOALS = 16;
export const MAX_FIELD_CHARS = 4096;

/** A goal that was reached. */
export interface Reached {
  readonly goal: string;
  /** 1 where it is absent. */
  readonly value?: number;
  readonly id?: string;
}

/**
 * The goals that an origin names: `revenue; value=49.90; id=order-17`, several separated by commas. A
 * value that is not a finite number from 0 on is as good as none, and the goal counts all the same.
 */
export function readGoalField(field: string): Reached[] {
  return field
    .slice(0, MAX_FIELD_CHARS)
    .split(",", MAX_FIELD_GOALS)
    .map((entry) => {
      const of = (name: string) =>
        RegExp(`;\\s*${name}\\s*=\\s*([^;]*)`, "i").exec(entry)?.[1]?.trim();
      const id = of("id")?.slice(0, MAX_GOAL_ID_CHARS);
      const text = of("value");
      const value = Number(text);
      return {
        goal: entry.replace(/;.*/s, "").trim(),
        ...(text && value >= 0 && value < Infinity && { value }),
        ...(id && { id }),
      };
    });
}
