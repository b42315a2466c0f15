import * as v from "valibot";

import { check, type CheckOptions } from "./check.ts";
import { splitMessage } from "../lib/strict-object.ts";
import { join, type Issue } from "../lib/issue.ts";
import { MAX_ISSUES, MAX_JSON_DEPTH } from "./limits.ts";
import { PolicySchema, type Policy } from "./schema.ts";

/** A policy, or everything that is wrong with it. */
export type Parsed =
  | { readonly ok: true; readonly policy: Policy }
  | { readonly ok: false; readonly issues: readonly Issue[] };

/** Names that JavaScript gives every object: a parser that met one would drop or misread it. */
const RESERVED = new Set(["__proto__", "constructor", "prototype"]);

/** Refuses what the schema could not walk safely, whatever its shape; keeps its own stack. */
function inspect(value: unknown): Issue[] {
  const issues: Issue[] = [];
  const waiting: { value: unknown; path: string; depth: number }[] = [
    { value, path: "$", depth: 0 },
  ];
  for (let item = waiting.pop(); item !== undefined; item = waiting.pop()) {
    if (typeof item.value !== "object" || item.value === null) continue;
    if (item.depth >= MAX_JSON_DEPTH) {
      return [
        {
          path: "$",
          message: `is nested more than ${MAX_JSON_DEPTH} deep`,
          fix: "policies stand four deep at most",
        },
      ];
    }
    const isList = Array.isArray(item.value);
    for (const [key, child] of Object.entries(item.value)) {
      const path = join(item.path, isList ? Number(key) : key);
      if (!isList && RESERVED.has(key))
        issues.push({ path, message: `"${key}" is a reserved name`, fix: "remove it" });
      waiting.push({ value: child, path, depth: item.depth + 1 });
    }
  }
  return issues;
}

/** Puts the field's name before a message that begins with a verb. */
function named(issue: Issue): Issue {
  const name = /(?:\.([\w$]+)|\["(.+)"\]|(\[\d+\]))$/.exec(issue.path);
  const field = name === null ? "the policy" : `"${name[1] ?? name[2] ?? `item ${name[3] ?? ""}`}"`;
  return /^(?:must|is|may|has|falls|maps) /.test(issue.message)
    ? { ...issue, message: `${field} ${issue.message}` }
    : issue;
}

function pathOf(issue: v.BaseIssue<unknown>): string {
  let path = "$";
  for (const step of issue.path ?? []) {
    if (typeof step.key === "number" || typeof step.key === "string") path = join(path, step.key);
  }
  return path;
}

/**
 * Checks a value that came out of JSON or YAML. Never throws, and tells all issues at once, those
 * of shape first, each once.
 */
export function parseValue(value: unknown, options: CheckOptions): Parsed {
  const unsafe = inspect(value);
  if (unsafe.length > 0) return { ok: false, issues: unsafe.slice(0, MAX_ISSUES).map(named) };
  const result = v.safeParse(PolicySchema, value);
  const shape = (result.issues ?? []).map((issue) => ({
    path: pathOf(issue),
    ...splitMessage(issue.message),
  }));
  const told = new Set<string>();
  const issues = [...shape, ...check(value, options)].map(named).filter(({ path, message }) => {
    const line = `${path} ${message}`;
    return told.has(line) ? false : Boolean(told.add(line));
  });
  if (result.success && issues.length === 0) return { ok: true, policy: result.output };
  return { ok: false, issues: issues.slice(0, MAX_ISSUES) };
}

/** The same from the text that KV holds. */
export function parse(text: string, options: CheckOptions): Parsed {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : "unreadable";
    return {
      ok: false,
      issues: [
        {
          path: "$",
          message: `the policy is not JSON: ${why}`,
          fix: 'write JSON; an origin alone stands in quotes: "https://www.example.com"',
        },
      ],
    };
  }
  return parseValue(value, options);
}
