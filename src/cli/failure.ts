/** What `sy` exits with. */
export const EXIT = {
  ok: 0,
  /** Something was refused, is not valid, or could not be reached. */
  failed: 1,
  /** `plan` and `diff` found changes: no failure, and told apart from "nothing to do". */
  changes: 2,
  /** The command line itself is wrong: EX_USAGE of sysexits(3). */
  usage: 64,
} as const;

/** Something went wrong that the person at the keyboard can mend. */
export class Failure extends Error {
  /** What to do about it. */
  readonly fix: string;
  readonly exitCode: number;
  /** For machines: the API's problem code, or one of the command line's own. */
  readonly code: string;

  constructor(
    message: string,
    fix: string,
    { code = "failed", exitCode = EXIT.failed }: { code?: string; exitCode?: number } = {},
  ) {
    super(message);
    this.name = "Failure";
    this.fix = fix;
    this.code = code;
    this.exitCode = exitCode;
  }
}

/** A command line that means nothing. */
export function usage(message: string, fix: string): Failure {
  return new Failure(message, fix, { code: "usage", exitCode: EXIT.usage });
}

/** What went wrong, in words, whatever was thrown. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
