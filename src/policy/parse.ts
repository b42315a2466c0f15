import * as v from "valibot";

import { check, type CheckOptions } from "./check.ts";
import { checkLoops } from "./check-loops.ts";
import { issueAt } from "./check-report.ts";
import { isReservedName } from "../lib/reserved-names.ts";
import { issuesOf, message } from "../lib/strict-object.ts";
import { join, shownIssues, type Issue } from "../lib/issue.ts";
import { MAX_ISSUES, MAX_JSON_DEPTH } from "./limits.ts";
import { LANGUAGE, type Language } from "./language.ts";
import { readText } from "./read-text.ts";
import { checkSearchBudget } from "./search-budget.ts";
import { checkSize } from "./size.ts";
import type { Policy } from "./schema.ts";

/** Set in wrangler.toml of the gateway: see `src/lib/strict-object.ts`. */
declare const WITHOUT_WORDS: true | undefined;

/** A policy, or everything that is wrong with it. */
export type Parsed =
  | { readonly ok: true; readonly policy: Policy }
  | { readonly ok: false; readonly issues: readonly Issue[] };

/** A value on the way through a policy, with the way that leads to it. */
interface Visited {
  readonly value: readonly unknown[] | Readonly<Record<string, unknown>>;
  readonly above: Visited | undefined;
  readonly step: string | number;
  readonly depth: number;
}

const isCollection = (value: unknown): value is Visited["value"] =>
  typeof value === "object" && value !== null;

const isList = (value: Visited["value"]): value is readonly unknown[] => Array.isArray(value);

const pathTo = ({ above, step }: Visited): string =>
  above === undefined ? "$" : join(pathTo(above), step);

/** Refuses what the schema could not walk safely, whatever its shape; keeps its own stack, and makes paths for what it tells alone. */
function inspect(root: unknown): Issue[] {
  const issues: Issue[] = [];
  const waiting: Visited[] = [];
  const visit = (value: unknown, above: Visited | undefined, step: string | number): void => {
    if (!isCollection(value)) return;
    waiting.push({ value, above, step, depth: above === undefined ? 0 : above.depth + 1 });
  };
  visit(root, undefined, "");
  for (let item = waiting.pop(); item !== undefined; item = waiting.pop()) {
    if (item.depth >= MAX_JSON_DEPTH) {
      return [
        issueAt(
          "$",
          message(
            () => `is nested more than ${MAX_JSON_DEPTH} deep`,
            "policies stand four deep at most",
          ),
        ),
      ];
    }
    const { value } = item;
    if (isList(value)) {
      for (let index = 0; index < value.length; index += 1) visit(value[index], item, index);
      continue;
    }
    for (const key of Object.keys(value)) {
      if (isReservedName(key)) {
        const path = join(pathTo(item), key);
        issues.push(
          issueAt(
            path,
            message(() => `"${key}" is a reserved name`, "remove it"),
          ),
        );
        if (issues.length >= MAX_ISSUES) return issues;
      }
      visit(value[key], item, key);
    }
  }
  return issues;
}

/** Puts the field's name before a message that begins with a verb. */
function named(issue: Issue): Issue {
  if (typeof WITHOUT_WORDS !== "undefined") return issue;
  const name = /(?:\.([\w$]+)|\["((?:[^"\\]|\\.)*)"\]|(\[\d+\]))$/.exec(issue.path);
  const field = name === null ? "the policy" : `"${name[1] ?? name[2] ?? `item ${name[3] ?? ""}`}"`;
  return /^(?:must|is|may|has|falls|maps) /.test(issue.message)
    ? { ...issue, message: `${field} ${issue.message}` }
    : issue;
}

/**
 * Checks a value that came out of JSON or YAML. Never throws, and tells what is wrong at once, what
 * is wrong with its shape first, each once, up to {@link MAX_ISSUES}. Its work grows with the value
 * and no faster, however much is wrong with it.
 */
export function parseValue(
  value: unknown,
  options: CheckOptions,
  language: Language = LANGUAGE,
): Parsed {
  const unsafe = inspect(value);
  const tooMuch = unsafe.length > 0 ? unsafe : checkSize(value, language);
  if (tooMuch.length > 0) return { ok: false, issues: shownIssues(tooMuch.map(named)) };
  const result = v.safeParse(language.policy, value);
  const shape = issuesOf(result.issues ?? []);
  const between = shape.length < MAX_ISSUES ? check(value, options, language) : [];
  const issues = shownIssues([...shape, ...between].map(named));
  if (!result.success || issues.length > 0) return { ok: false, issues };
  const further = [...checkSearchBudget(value, language), ...checkLoops(value, language)];
  return further.length === 0
    ? { ok: true, policy: result.output }
    : { ok: false, issues: shownIssues(further.map(named)) };
}

/** Reads a policy from the text that KV holds. */
export function parse(text: string, options: CheckOptions): Parsed {
  const read = readText(text);
  return read.ok ? parseValue(read.value, options) : read;
}
