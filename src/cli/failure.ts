import { Failure, reasonOf } from "../lib/failure.ts";

/** What `sy` exits with. */
export const EXIT = {
  ok: 0,
  /** Something was refused, is not valid, or could not be reached. */
  failed: 1,
  /** `plan` and `diff` found changes: not a failure, and not the same as "nothing to do". */
  changes: 2,
  /** The command line itself is wrong: EX_USAGE of sysexits(3). */
  usage: 64,
} as const;

export { Failure, reasonOf };

/** A command line that means nothing. */
export function usage(message: string, fix: string): Failure {
  return new Failure(message, fix, { code: "usage" });
}

/** What `sy` exits with after a failure. */
export function exitCodeOf({ code }: Failure): number {
  return code === "usage" ? EXIT.usage : EXIT.failed;
}
