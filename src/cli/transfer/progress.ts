import type { Io } from "../io.ts";
import { grouped } from "../text/bars.ts";

/** Between two updates on a terminal, and in a log (ms). */
const TERMINAL_MS = 250;
const LOG_MS = 10_000;

/** Tells on stderr how far a long run is: one line drawn over on a terminal, a line now and then in a log. */
export class Progress {
  readonly #io: Io;
  readonly #what: string;
  readonly #began: number;
  /** Routes done before this run. */
  readonly #before: number;
  #toldAt: number;
  #drawn = false;

  constructor(io: Io, what: string, before: number) {
    this.#io = io;
    this.#what = what;
    this.#before = before;
    this.#began = io.now();
    this.#toldAt = this.#began;
  }

  #line(routes: number): string {
    const seconds = Math.max(0.001, (this.#io.now() - this.#began) / 1000);
    const rate = grouped(Math.round((routes - this.#before) / seconds));
    return `${this.#what} ${grouped(routes)} ${routes === 1 ? "route" : "routes"}, ${rate} a second`;
  }

  /** So many routes are done. */
  update(routes: number): void {
    const now = this.#io.now();
    if (now - this.#toldAt < (this.#io.progress ? TERMINAL_MS : LOG_MS)) return;
    this.#toldAt = now;
    this.#io.stderr.write(
      this.#io.progress ? `\r\u001B[K${this.#line(routes)}` : `${this.#line(routes)}\n`,
    );
    this.#drawn = this.#io.progress;
  }

  /** Leaves a clean line, with the end result. */
  end(routes: number): void {
    this.#io.stderr.write(`${this.#drawn ? "\r\u001B[K" : ""}${this.#line(routes)}\n`);
  }
}
