/** One thing wrong with a policy, addressed to the person who wrote it. */
export interface Issue {
  /** Where it stands, as a JSON path: `$.variants[1].weight`. */
  readonly path: string;
  /** What is wrong; names the field. */
  readonly message: string;
  /** What to write instead. */
  readonly fix: string;
}

const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

/** Extends a JSON path by one step (RFC 9535: dot for names, brackets for indexes and other keys). */
export function join(path: string, step: string | number): string {
  if (typeof step === "number") return `${path}[${step}]`;
  return IDENTIFIER.test(step) ? `${path}.${step}` : `${path}[${JSON.stringify(step)}]`;
}

/** One line for logs and terminals; line breaks and escapes that a quoted value holds become blanks. */
export function renderIssue(issue: Issue): string {
  return `${issue.path}: ${issue.message}; ${issue.fix}`.replace(/\p{Cc}+/gu, " ");
}
