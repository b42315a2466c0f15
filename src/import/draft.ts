import { join, type Issue } from "../lib/issue.ts";
import type { Place } from "./place.ts";

/** Which place of the input each part of a policy was made from: by JSON path below the part that holds them. */
export type Trail = ReadonlyMap<string, Place>;

/** The last step of a JSON path. */
const LAST_STEP = /(?:\.[A-Za-z_$][\w$]*|\[\d+\]|\["(?:[^"\\]|\\.)*"\])$/;

/** A policy under way, which remembers where its parts come from. */
export class Draft {
  readonly policy: Record<string, unknown> = {};
  readonly #trail = new Map<string, Place>();

  /** The whole was made from here, so far as nothing nearer is known. */
  constructor(whole: Place) {
    this.#trail.set("$", whole);
  }

  get trail(): Trail {
    return this.#trail;
  }

  /** Sets a field, made from a place; nothing where there is no value. */
  set(name: string, value: unknown, from?: Place): void {
    if (value === undefined) return;
    this.policy[name] = value;
    if (from !== undefined) this.note([name], from);
  }

  /** Notes where a part deeper in comes from. */
  note(steps: readonly (string | number)[], from: Place): void {
    this.noteAt(steps.reduce<string>(join, "$"), from);
  }

  /** Notes where a part comes from, by its JSON path. */
  noteAt(path: string, from: Place): void {
    this.#trail.set(path, from);
  }
}

/** The nearest place that is known for a JSON path of a policy. */
export function placeOf(path: string, trail: Trail): Place | undefined {
  let left = path;
  for (;;) {
    const place = trail.get(left);
    if (place !== undefined || left === "$") return place;
    const shorter = left.replace(LAST_STEP, "");
    left = shorter === left ? "$" : shorter;
  }
}

/** What an issue says, with what to do. */
export const messageOf = ({ message, fix }: Issue): string => `${message}; ${fix}`;

/** Tells issues of a part of a policy, which stands at `root`, at the places that the part was made from. Gives those that are of no part. */
export function tellIssues(issues: readonly Issue[], root: string, trail: Trail): Issue[] {
  return issues.filter((issue) => {
    if (!issue.path.startsWith(root)) return true;
    placeOf(`$${issue.path.slice(root.length)}`, trail)?.error(messageOf(issue));
    return false;
  });
}
