import { grouped, percent } from "../text/bars.ts";
import { percentOr } from "./figures.ts";
import { goalFigure } from "./goal-figure.ts";
import type { RouteFigures } from "./route.ts";
import type { GuardStatus } from "./shapes.ts";

/** Seconds are close enough for a log. */
const second = (at: string): string => `${at.slice(0, 19)}Z`;

/** Where a guard stands, which step of a ramp is earned, and what it did last with its evidence. */
function guardText(verdict: string, guard: GuardStatus | null | undefined): string {
  const { ramp, acted } = guard ?? {};
  return [
    `guard ${verdict}`,
    ...(ramp === undefined ? [] : [`step ${ramp.step + 1} of ${ramp.steps} earned`]),
    ...(acted === undefined ? [] : [`${acted.action} ${second(acted.at)}: ${acted.evidence}`]),
  ].join(", ");
}

/** Each experiment of a route in one line, for logs; of a route without one, that it has none. */
export function lineOf({ at, status, results }: RouteFigures): string[] {
  if (status.experiments.length === 0) return [`${second(at)}  ${status.route}  no split`];
  return status.experiments.map((one) => {
    const { experiment, shares, failureShare, requestsPerMinute, srm, guard, verdict } = one;
    const result = results.experiments.find((each) => each.experiment === experiment);
    const [goal] = result?.goals ?? [];
    const variants = Object.entries(shares).map(([variant, share]) => {
      const visitors = result?.variants.find((each) => each.variant === variant)?.visitors ?? 0;
      const reached = goal === undefined ? "" : `, ${goal.goal} ${goalFigure(goal, variant)}`;
      const failures = `failed ${percentOr(failureShare[variant])}`;
      return `${variant} ${percent(share)}: ${grouped(visitors)} visitors${reached}, ${failures}`;
    });
    return [
      second(at),
      experiment,
      `${grouped(Math.round(requestsPerMinute))} requests/min`,
      ...variants,
      `split ${srm}`,
      ...(guard === null ? [] : [guardText(guard, result?.guard)]),
      verdict,
    ].join("  ");
  });
}
