import { join, type Issue } from "../lib/issue.ts";
import { splitMessage } from "../lib/words.ts";
import { MAX_ISSUES } from "./limits.ts";

/** An object of JSON, whose shape may be wrong. */
export type Fields = Readonly<Record<string, unknown>>;

/** A way from a policy to something inside it: names of fields and places in lists. */
export type Steps = readonly (string | number)[];

/** Whether a value is an object of JSON. */
export const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A list as it is; nothing in place of anything else. */
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** Where a value stands: its path is written only for what is wrong with it. */
export interface Site {
  readonly above: Site | undefined;
  readonly steps: Steps;
}

/** A value further in. */
export const siteOf = (above: Site | undefined, steps: Steps): Site => ({ above, steps });

/** Where a value stands, as issues write it: `$.paths["/a"].rules[0]`. */
export function pathOf(site: Site | undefined): string {
  if (site === undefined) return "$";
  return site.steps.reduce<string>(join, pathOf(site.above));
}

/**
 * Takes what is wrong with one policy; `steps` lead from it to the place. What is told comes from `message`, at
 * once, or when somebody is told it where that takes work.
 */
export type Report = (steps: Steps, told: string | undefined | (() => string | undefined)) => void;

/** What is wrong at a place, with what is told of it: nothing in a build without words. */
export const issueAt = (path: string, told: string | undefined): Issue => ({
  path,
  ...splitMessage(told ?? "is wrong"),
});

/** Reports into `issues`, as many as anybody is told. */
export function reportAt(issues: Issue[], site: Site): Report {
  return (steps, told) => {
    if (issues.length >= MAX_ISSUES) return;
    const path = pathOf(siteOf(site, steps));
    issues.push(issueAt(path, typeof told === "function" ? told() : told));
  };
}
