import { Failure } from "../../lib/failure.ts";
import type { Problem } from "../problems.ts";

/** What to do about a refusal that does not say so itself, by problem code. */
export type Fixes = Readonly<Record<string, string>>;

/** What is wrong and what to do, parted: a detail says both where it can, with a semicolon between. */
function worded(
  { code, title, detail, issues: [issue] = [] }: Problem,
  fixes: Fixes,
): readonly [string, string] {
  if (issue !== undefined) return [`${issue.path}: ${issue.message}`, issue.fix];
  const known = fixes[code];
  const [what = title, ...fix] = (detail ?? title).split("; ");
  if (fix.length > 0) return [what, fix.join("; ")];
  if (known !== undefined) return [title, known];
  return [title, detail ?? "see docs/control-api.md"];
}

/** A refusal of the API: its status, and the problem as the API told it. */
export class Refused extends Failure {
  readonly status: number;
  readonly problem: Problem;

  constructor(status: number, problem: Problem, fixes: Fixes) {
    const [message, fix] = worded(problem, fixes);
    super(message, fix, { code: problem.code });
    this.status = status;
    this.problem = problem;
  }
}
