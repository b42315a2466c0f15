import { formatInstant } from "../../lib/instant-text.ts";
import type { Failure } from "../failure.ts";
import { note, print, type Io, type Terminal } from "../io.ts";
import { lineOf } from "../measure/line.ts";
import { renderRoute, type RouteFigures } from "../measure/route.ts";
import { jsonText } from "../text/plain.ts";
import { style } from "../text/style.ts";
import type { View } from "./loop.ts";
import { Screen } from "./screen.ts";

/** The time of day, as the header of a watch and its remarks tell it. */
const clock = (ms: number): string => `${formatInstant(ms).slice(11, 19)} UTC`;

/** A table that is drawn over on a terminal. */
export function screenView(io: Io, terminal: Terminal, interval: string): View<RouteFigures> {
  const screen = new Screen(io, terminal);
  let lines: readonly string[] = [];
  let answeredAt = io.now();
  const foot = (text: string) => ["", text];
  return {
    show: (known) => {
      answeredAt = io.now();
      lines = renderRoute(io, known);
      const told = `${clock(answeredAt)}, every ${interval}; Ctrl-C ends`;
      screen.draw([...lines, ...foot(style(io, "dim", told))]);
    },
    lost: ({ message }) => {
      const told = `no answer since ${clock(answeredAt)}, trying on: ${message}`;
      screen.draw([...lines, ...foot(style(io, "yellow", told))]);
    },
    close: () => screen.close(),
  };
}

/** Says once that answers have stopped, and once that they are back. */
function gaps(io: Io) {
  let answeredAt = io.now();
  let lost = false;
  return {
    answered: () => {
      if (lost) note(io, `${clock(io.now())}: answers again`);
      answeredAt = io.now();
      lost = false;
    },
    lost: ({ message }: Failure) => {
      if (!lost) note(io, `no answer since ${clock(answeredAt)}, trying on: ${message}`);
      lost = true;
    },
  };
}

/** A line for each experiment and look, for logs and pipes. */
export function lineView(io: Io): View<RouteFigures> {
  const { answered, lost } = gaps(io);
  return {
    show: (known) => {
      answered();
      print(io, ...lineOf(known));
    },
    lost,
    close: () => undefined,
  };
}

/** What the API answered, one line of JSON for each look. */
export function jsonView(io: Io): View<RouteFigures> {
  const { answered, lost } = gaps(io);
  return {
    show: ({ status, results, metrics }) => {
      answered();
      io.stdout.write(`${jsonText({ status, results, metrics })}\n`);
    },
    lost,
    close: () => undefined,
  };
}
