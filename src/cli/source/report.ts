import { warningsOf } from "../../policy/warnings.ts";
import { Failure } from "../failure.ts";
import type { Io } from "../io.ts";
import { style } from "../text/style.ts";
import type { Located } from "./document.ts";
import type { PolicyFile } from "./files.ts";

/** `file:line:column: what; what to do`, a form that editors and CI make links of. */
function renderLocated(io: Io, file: string, issue: Located): string {
  const place = style(io, "bold", `${file}:${issue.line}:${issue.column}:`);
  return `${place} ${issue.message}; ${issue.fix}`;
}

/** All issues of some files, one line each. */
export function renderIssues(io: Io, files: readonly PolicyFile[]): string[] {
  return files.flatMap((one) =>
    one.ok ? [] : one.issues.map((issue) => renderLocated(io, one.file, issue)),
  );
}

/** What is doubtful in a file that passed, each with its place in it. */
export function warningsIn(one: PolicyFile): Located[] {
  if (!one.ok) return [];
  return warningsOf(one.policy, one.key).map((issue) => ({ ...issue, ...one.locate(issue.path) }));
}

/** All warnings of some files, one line each. */
export function renderWarnings(io: Io, files: readonly PolicyFile[]): string[] {
  const sign = style(io, "yellow", "warning:");
  return files.flatMap((one) =>
    warningsIn(one).map((issue) =>
      renderLocated(io, one.file, { ...issue, message: `${sign} ${issue.message}` }),
    ),
  );
}

/** A file that passed, with the route it is for. */
export type GoodFile = Extract<PolicyFile, { ok: true }>;

/** The files, if all of them are valid; throws one failure that names the first issue otherwise. */
export function allGood(files: readonly PolicyFile[]): readonly GoodFile[] {
  const bad = files.find((one) => !one.ok);
  if (bad !== undefined && !bad.ok) {
    const [first] = bad.issues;
    const place = first === undefined ? bad.file : `${bad.file}:${first.line}:${first.column}`;
    throw new Failure(
      `${place}: ${first?.message ?? "is not valid"}`,
      `${first?.fix ?? "mend it"} (sy validate tells all issues)`,
      { code: "policy-invalid" },
    );
  }
  return files.filter((one) => one.ok);
}
