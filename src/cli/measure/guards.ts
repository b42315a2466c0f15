import type { Io } from "../io.ts";
import { style } from "../text/style.ts";
import { shortName, WIDTH } from "./figures.ts";
import { renderGuard } from "./guard.ts";
import type { GuardStatus, RouteResults } from "./shapes.ts";

/** A split of a route, and its guard. */
export interface Guarded {
  readonly experiment: string;
  readonly guard: GuardStatus;
}

/** The splits of a route that have a guard. */
export const guardedIn = ({ experiments }: RouteResults): Guarded[] =>
  experiments.flatMap(({ experiment, guard }) => (guard == null ? [] : [{ experiment, guard }]));

/** The guards of a route, each below the name of its split. */
export function renderGuards(io: Io, route: string, guarded: readonly Guarded[], now: number) {
  const name = shortName(route, WIDTH / 2);
  if (guarded.length === 0)
    return [`${name} has no guard; what one would do there: sy guard test ${name}`];
  return guarded.flatMap(({ experiment, guard }, index) => [
    ...(index === 0 ? [] : [""]),
    style(io, "bold", shortName(experiment, WIDTH)),
    ...renderGuard(io, guard, now),
  ]);
}
