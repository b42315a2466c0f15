import { join, MAX_ISSUES, type Issue } from "../lib/issue.ts";

/** What tells where a name of JSON stands: strings, brackets and commas. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[[\]{},]/g;

/** An object or a list that is open where the reading stands. */
interface Open {
  /** The names that an object has so far. */
  readonly names: Set<string> | undefined;
  /** The name or the index of what is being read. */
  step: string | number;
}

/**
 * The names that stand twice in one object of a text, which must be JSON, each with its path: `JSON.parse`
 * keeps the last and says nothing (RFC 8259 §4), so that the first would be lost. Linear in the text: reading ends
 * at the {@link MAX_ISSUES}th, for each path is as long as the place is deep.
 */
export function* repeatedNames(text: string): Generator<Issue> {
  const open: Open[] = [];
  let left = MAX_ISSUES;
  let isNameNext = false;
  for (const [token] of text.matchAll(TOKEN)) {
    const inner = open.at(-1);
    if (token === "{" || token === "[") {
      isNameNext = token === "{";
      open.push({ names: isNameNext ? new Set() : undefined, step: 0 });
    } else if (token === "}" || token === "]") {
      isNameNext = false;
      open.pop();
    } else if (token === ",") {
      isNameNext = inner?.names !== undefined;
      if (typeof inner?.step === "number") inner.step += 1;
    } else if (isNameNext && inner?.names !== undefined) {
      isNameNext = false;
      inner.step = String(JSON.parse(token));
      if (inner.names.has(inner.step)) {
        yield {
          path: open.reduce((path, { step }) => join(path, step), "$"),
          message: "this name stands twice here, and what the first one says would be lost",
          fix: "remove one of them",
        };
        left -= 1;
        if (left === 0) return;
      }
      inner.names.add(inner.step);
    }
  }
}
