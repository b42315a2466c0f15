import { judgeGuard } from "../../../src/stats/guard/judge.ts";
import { Rollout, type Rules } from "../../../src/stats/guard/rollout.ts";
import type { Random } from "../../../src/stats/random.ts";
import { argo, byRequest, flagger, type Rule } from "./others.ts";
import { HOUR_MS, streamOf, type Scene } from "./streams.ts";

export const REPORT_MS = 5000;
const MINUTE_MS = 60_000;

/** When each rule acted (ms), undefined where it never did. */
export interface ActedAt {
  readonly guard: number | undefined;
  readonly byRequest: number | undefined;
  readonly flagger: number | undefined;
  readonly argo: number | undefined;
}

/**
 * One stream, watched by all rules: after each report for an hour, then once a minute, in which one visitor with a
 * failure comes to the canary at most as a rule. It ends where the guard acted, or, for the other rules' sake, later.
 */
export function watch(
  random: Random,
  scene: Scene,
  rules: Rules,
  until: number,
  others: readonly Exclude<keyof ActedAt, "guard">[] = [],
): ActedAt {
  const make = {
    byRequest: () => byRequest(random, scene.canary),
    flagger: () => flagger(random),
    argo: () => argo(random),
  };
  const watching = new Map<keyof ActedAt, Rule>(others.map((name) => [name, make[name]()]));
  const stream = streamOf(random, scene);
  const rollout = new Rollout(
    random,
    {
      ...stream,
      met(variant, visitors, failed) {
        for (const rule of watching.values()) rule.met(variant, visitors, failed);
      },
    },
    rules,
  );
  const acted: { -readonly [K in keyof ActedAt]: ActedAt[K] } = {
    guard: undefined,
    byRequest: undefined,
    flagger: undefined,
    argo: undefined,
  };
  for (let at = 0; at < until;) {
    at += at < HOUR_MS ? REPORT_MS : MINUTE_MS;
    rollout.advance(at);
    if (acted.guard === undefined && rollout.mayBreach())
      if (judgeGuard(rollout.data()).verdict === "breached") acted.guard = at;
    for (const [name, rule] of watching)
      if (rule.acts(at)) {
        acted[name] = at;
        watching.delete(name);
      }
    if (acted.guard !== undefined && watching.size === 0) break;
  }
  return acted;
}
