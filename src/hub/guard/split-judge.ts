import type { Measure } from "../measure/measure.ts";
import type { Notices } from "../notify/notice.ts";
import type { HubPlatform } from "../platform.ts";
import { decided, mayGrant, orderFor, type Decision, type Standing } from "./decide.ts";
import { earnedRamp, earning, holds } from "./earn.ts";
import type { Judged, Sources } from "./gather.ts";
import { breachesOf, judged } from "./judge.ts";
import type { GuardMemory } from "./memory.ts";
import type { Orders } from "./orders.ts";
import { begun, isStanding, judgedOf, type LocatedSplit } from "./located-split.ts";
import { situationOf } from "./situation.ts";
import { checkName, type GuardState, type GuardStates } from "./state.ts";
import { alertNotice, receiversOf } from "./guard-notices.ts";

/** What judging takes. */
export interface JudgeContext {
  readonly platform: HubPlatform;
  readonly measure: Measure;
  readonly notices: Notices;
  readonly states: GuardStates;
  readonly orders: Orders;
  readonly memory: GuardMemory;
  readonly sources: Sources;
}

/** Judges a split, and stores what is to be done about it. */
export class SplitJudge {
  readonly #context: JudgeContext;

  constructor(context: JudgeContext) {
    this.#context = context;
  }

  judge(located: LocatedSplit, now: number): void {
    const { measure, orders } = this.#context;
    const { route, head, split } = located;
    const state = this.begin(located, now);
    if (state === undefined) return;
    const of = judgedOf(located, measure, state, now);
    const standing = { head, state, waiting: orders.of(route, split.node.experiment) };
    this.#carryOut(located, standing, this.#decide(of, standing), now);
  }

  /** What is remembered of the roll-out there is, which may begin here; `undefined` where there is nothing to judge. */
  begin(located: LocatedSplit, now: number): GuardState | undefined {
    const { platform, states, memory } = this.#context;
    const { route, head, split } = located;
    const { experiment } = split.node;
    const before = states.of(route, experiment);
    const situation = situationOf(split, now);
    if (situation.idle !== undefined) this.end(route, experiment);
    if (head.silent || situation.idle !== undefined) return undefined;
    if (isStanding(before.acted, head, situation)) return undefined;
    if (before.acted === undefined && before.over !== true) return before;
    const state = begun(before, head, now);
    platform.transaction(() => states.set(route, experiment, state));
    memory.begin({ key: head.key, experiment }, state.since);
    return state;
  }

  /** A roll-out is over, whoever ended it: what its visitors met says nothing of the next one. */
  end(route: number, experiment: string): void {
    const { platform, states } = this.#context;
    const state = states.of(route, experiment);
    if (state.over === true) return;
    platform.transaction(() => states.set(route, experiment, { ...state, over: true }));
  }

  #decide(of: Judged, standing: Standing): Decision {
    const { platform, sources } = this.#context;
    const judgement = judged(sources, of);
    const acts = platform.guard !== undefined;
    const situation = acts ? of.situation : { ...of.situation, action: undefined };
    const decision = decided(judgement, { ...of, situation }, standing);
    const ramp = earnedRamp(of.split);
    if (!acts || ramp === undefined || !mayGrant(standing)) return decision;
    if (breachesOf(judgement).length > 0 || holds(ramp, of.now) !== undefined) return decision;
    const found = earning(sources, of);
    if (!found.earned) return decision;
    const action = { kind: "grant", step: ramp.upTo + 1 } as const;
    const order = orderFor(standing, of, action, found.evidence);
    return { ...decision, order: { order, checks: [] } };
  }

  #carryOut(
    { route, head: { key, version }, split }: LocatedSplit,
    { state }: Standing,
    { order, alerts }: Decision,
    now: number,
  ): void {
    if (order === undefined && alerts.length === 0) return;
    const { platform, orders, states, notices } = this.#context;
    const { experiment } = split.node;
    try {
      platform.transaction(() => {
        if (order !== undefined) orders.put(route, experiment, order, now);
        if (alerts.length === 0) return;
        const told = state.alerted?.version === version ? state.alerted.checks : [];
        const checks = [...told, ...alerts.map(({ check }) => checkName(check))];
        states.set(route, experiment, { ...state, alerted: { version, checks } });
        for (const alert of alerts)
          notices.add(alertNotice({ key, experiment }, alert, version, now), receiversOf(split));
      });
    } finally {
      orders.forget();
    }
    if (order === undefined) return;
    const { action, evidence } = order.order;
    platform.log("warn", "a guard acts", { route: key, experiment, version, action, evidence });
  }
}
