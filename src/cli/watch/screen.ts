import { print, type Io, type Terminal } from "../io.ts";
import { dressed } from "../text/style.ts";

/** Control sequences of ECMA-48 and xterm that every terminal of today knows. */
const SCREEN = {
  /** Another screen, so that the one before comes back as it was; without a cursor, and lines are cut and not wrapped. */
  open: "\u001B[?1049h\u001B[?25l\u001B[?7l",
  close: "\u001B[?7h\u001B[?25h\u001B[?1049l",
  home: "\u001B[H",
  endOfLine: "\u001B[K",
  rest: "\u001B[J",
} as const;

/** A terminal's screen that is drawn over again and again. What it showed last stays behind in the end. */
export class Screen {
  readonly #io: Io;
  readonly #terminal: Terminal;
  #lines: readonly string[] = [];

  constructor(io: Io, terminal: Terminal) {
    this.#io = io;
    this.#terminal = terminal;
    io.stdout.write(SCREEN.open);
    io.stdout.on("resize", this.#redraw);
  }

  /** Shows these lines and nothing else, as far as they fit. */
  draw(lines: readonly string[]): void {
    this.#lines = lines;
    this.#redraw();
  }

  readonly #redraw = (): void => {
    // In one piece, so that nobody sees half of it; the last row stays free, or the screen would scroll.
    const shown = this.#lines.slice(0, Math.max(1, this.#terminal.rows - 1));
    const text = shown.map((line) => `${dressed(line)}${SCREEN.endOfLine}\r\n`).join("");
    this.#io.stdout.write(SCREEN.home + text + SCREEN.rest);
  };

  /** Gives the terminal back as it was, with its cursor, and prints what was shown last. */
  close(): void {
    this.#io.stdout.off("resize", this.#redraw);
    this.#io.stdout.write(SCREEN.close);
    print(this.#io, ...this.#lines);
  }
}
