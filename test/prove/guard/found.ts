import { timesOf, type Times } from "../../../src/stats/guard/times.ts";
import { Random } from "../../../src/stats/random.ts";
import type { Rules } from "../../../src/stats/guard/rollout.ts";
import { DAY_MS, type Scene } from "./streams.ts";
import { REPORT_MS, watch, type ActedAt } from "./watch.ts";

const RULES: Rules = {
  checks: [{ metric: "failures", maxIncrease: 1 }],
  minVisitors: 10,
  windowMs: 300_000,
};

/** What the guard and the rules of others do with the same streams; times in reports. */
export interface Found {
  readonly name: string;
  readonly rules: Readonly<Record<keyof ActedAt, Times>>;
}

const BROKEN = { canary: 0.1, control: 0.005, failing: 0.05, isRough: false };

/** Canaries, the bad ones first. */
export const CANARIES: readonly (Scene & { readonly name: string })[] = [
  { name: "5 % against 0.5 %", ...BROKEN },
  { name: "5 % against 0.5 %, one report of five lost", ...BROKEN, lost: 0.2 },
  { name: "20 % against 0.5 %", ...BROKEN, failing: 0.2 },
  { name: "2 % against 0.5 %", ...BROKEN, failing: 0.02 },
  { name: "0.5 % against 0.5 %", ...BROKEN, failing: 0.005 },
];

export function found(scene: (typeof CANARIES)[number], runs: number, seed: number): Found {
  const random = new Random(seed);
  const all = Array.from({ length: runs }, () =>
    watch(random, scene, RULES, DAY_MS, ["byRequest", "flagger", "argo"]),
  );
  const reports = (rule: keyof ActedAt): Times =>
    timesOf(all.map(({ [rule]: at }) => (at === undefined ? undefined : at / REPORT_MS)));
  return {
    name: scene.name,
    rules: {
      guard: reports("guard"),
      byRequest: reports("byRequest"),
      flagger: reports("flagger"),
      argo: reports("argo"),
    },
  };
}
