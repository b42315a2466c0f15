import { issueAt } from "./check-report.ts";
import { message } from "../lib/words.ts";
import type { Issue } from "../lib/issue.ts";
import { MAX_TEXT_CHARS } from "./limits.ts";

/** What a text of JSON says, or why it is none. */
export type ReadText =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly issues: readonly Issue[] };

/** Reads the text of a policy as JSON, without a look at what it says. */
export function readText(text: string): ReadText {
  if (text.length > MAX_TEXT_CHARS) {
    const told = message(
      () => `the policy has more than ${MAX_TEXT_CHARS} characters`,
      "give its parts keys of their own",
    );
    return { ok: false, issues: [issueAt("$", told)] };
  }
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch (error) {
    const why = error instanceof Error ? error.message : "unreadable";
    const told = message(
      () => `the policy is not JSON: ${why}`,
      'write JSON; an origin alone stands in quotes: "https://www.example.com"',
    );
    return { ok: false, issues: [issueAt("$", told ?? `not JSON: ${why}`)] };
  }
}
