import { rootReason } from "../reason.ts";

/** From the first failure that nobody was told of to the line that tells of all since (ms): not a line for each. */
const TELL_AFTER_MS = 10_000;

/** Counts what failed, and tells of it now and then in one line. */
export class Complaints {
  readonly #tell: (line: string) => void;
  #failed = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(tell: (line: string) => void) {
    this.#tell = tell;
  }

  /** One request had no answer. */
  add(host: string, error: unknown): void {
    this.#failed += 1;
    this.#timer ??= setTimeout(() => {
      const requests = this.#failed === 1 ? "1 request" : `${this.#failed} requests`;
      this.#tell(
        `The demo's own traffic: ${requests} in ${TELL_AFTER_MS / 1000} s had no answer; the first, to ${host}: ${rootReason(error)}`,
      );
      this.#failed = 0;
      this.#timer = undefined;
    }, TELL_AFTER_MS).unref();
  }

  /** Tells nothing any more. */
  end(): void {
    clearTimeout(this.#timer);
  }
}
