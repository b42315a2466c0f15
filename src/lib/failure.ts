/** Something went wrong that the person who asked can mend. */
export class Failure extends Error {
  /** What to do about it. */
  readonly fix: string;
  /** For machines: the API's problem code, or a word of the program's own. */
  readonly code: string;

  constructor(message: string, fix: string, { code = "failed" }: { code?: string } = {}) {
    super(message);
    this.name = "Failure";
    this.fix = fix;
    this.code = code;
  }
}

/** What went wrong, in words, whatever was thrown. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
