import { millis } from "../../lib/instant-text.ts";
import type { Io } from "../io.ts";
import { sparkline } from "../text/sparkline.ts";
import { style } from "../text/style.ts";
import { leftOf, table } from "../text/table.ts";
import { WIDTH } from "./figures.ts";
import type { MetricsPoint, RouteMetrics } from "./shapes.ts";

/** Minutes of a sparkline, a character each; with less room than its heading takes there is none. */
const MINUTES = 12;
const LEAST_MINUTES = 8;

/** Seconds of metrics that a sparkline needs: the last minute is not over and is not drawn. */
export const METRICS_ASKED = { window: (MINUTES + 1) * 60, step: 60 } as const;

/** The minutes that are over: what is counted of the last one says nothing yet. */
export function whole({ to, step }: RouteMetrics, points: readonly MetricsPoint[]) {
  return points.filter(({ at }) => millis(at) + step * 1000 <= millis(to));
}

/** The newest of the points that have answers. */
export function latest(points: readonly MetricsPoint[]): MetricsPoint | undefined {
  return points.findLast(({ requests }) => requests > 0);
}

/** A row of a table, and the minutes that it is of. */
export interface Row {
  readonly cells: readonly string[];
  readonly minutes: readonly MetricsPoint[];
}

/** A table with requests and failures minute by minute, as far as its lines have room for them. */
export function minutesTable(
  io: Io,
  heading: readonly string[],
  rows: readonly Row[],
  right: ReadonlySet<number>,
): string[] {
  const failing = rows.some(({ minutes }) => minutes.some(({ failures }) => failures > 0));
  const drawn = failing ? (["requests", "failures"] as const) : (["requests"] as const);
  let lines: readonly (readonly string[])[] = [heading, ...rows.map(({ cells }) => cells)];
  for (const what of drawn) {
    const room = Math.min(MINUTES, leftOf(WIDTH, lines));
    if (room < LEAST_MINUTES) break;
    const colour = what === "requests" ? "cyan" : "red";
    const column = rows.map(({ minutes }) => {
      const counts = minutes.map((minute) => minute[what]);
      return style(io, colour, sparkline(counts, room));
    });
    lines = lines.map((line, index) => [...line, [what, ...column][index] ?? ""]);
  }
  const [head = heading, ...body] = lines;
  return table(io, head, body, right);
}
