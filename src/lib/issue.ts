import { shorten } from "./shorten.ts";

/** One thing wrong with a policy, addressed to the person who wrote it. */
export interface Issue {
  /** Where it stands, as a JSON path: `$.variants[1].weight`. Long names are shortened. */
  readonly path: string;
  /** What is wrong; names the field. */
  readonly message: string;
  /** What to write instead. */
  readonly fix: string;
}

/** Issues shown of one value: past this a list helps nobody, and looking for more only costs time. */
export const MAX_ISSUES = 100;

/** Bytes of all issues of one value together, as JSON: with what stands round them, an answer has 64 KB at most. */
export const MAX_ISSUES_BYTES = 60_000;

/** Characters of a message or of a fix, whatever it quotes. */
const MAX_MESSAGE_CHARS = 1000;

const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

/**
 * Extends a JSON path by one step (RFC 9535: dot for names, brackets for indexes and other keys).
 * A long name is shortened, so that no path repeats a whole text.
 */
export function join(path: string, step: string | number): string {
  if (typeof step === "number") return `${path}[${step}]`;
  const shown = shorten(step);
  return IDENTIFIER.test(shown) ? `${path}.${shown}` : `${path}[${JSON.stringify(shown)}]`;
}

/**
 * The issues to tell of those that were found, in order and each once: {@link MAX_ISSUES} at most,
 * and {@link MAX_ISSUES_BYTES} of them, but always the first.
 */
export function shownIssues(found: Iterable<Issue>): Issue[] {
  const shown = new Map<string, Issue>();
  const encoder = new TextEncoder();
  let bytes = 0;
  for (const { path, message, fix } of found) {
    if (shown.size >= MAX_ISSUES) break;
    const line = `${path} ${message}`;
    if (shown.has(line)) continue;
    const issue = {
      path,
      message: shorten(message, MAX_MESSAGE_CHARS),
      fix: shorten(fix, MAX_MESSAGE_CHARS),
    };
    bytes += encoder.encode(JSON.stringify(issue)).length;
    if (bytes > MAX_ISSUES_BYTES && shown.size > 0) break;
    shown.set(line, issue);
  }
  return [...shown.values()];
}

/** One line for logs and terminals; line breaks and escapes that a quoted value holds become blanks. */
export function renderIssue(issue: Issue): string {
  return `${issue.path}: ${issue.message}; ${issue.fix}`.replace(/\p{Cc}+/gu, " ");
}
