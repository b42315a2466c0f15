import { Failure } from "../../lib/failure.ts";
import type { Problem } from "../problems.ts";

/** What to do about a refusal that does not say so itself, by problem code. */
export type Fixes = Readonly<Record<string, string>>;

/** What is wrong and what to do, apart. A detail ends with its fix, after a semicolon, where it says more. */
function worded(
  { code, title, detail, fix, issues: [issue] = [] }: Problem,
  fixes: Fixes,
): readonly [string, string] {
  if (issue !== undefined) return [`${issue.path}: ${issue.message}`, issue.fix];
  if (fix !== undefined) {
    const what = detail?.endsWith(`; ${fix}`) === true ? detail.slice(0, -fix.length - 2) : detail;
    return [what === undefined || what === fix ? title : what, fix];
  }
  const known = fixes[code];
  return known === undefined ? [title, detail ?? "see docs/control-api.md"] : [title, known];
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
