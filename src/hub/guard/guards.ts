import type { GuardStatus, GuardTotals } from "../../report/answers.ts";
import type { GuardStands } from "../measure/guard-stands.ts";
import type { Heard } from "../measure/heard.ts";
import type { Measure } from "../measure/measure.ts";
import type { Uneven } from "../measure/peaks.ts";
import type { TakenRoute } from "../measure/take.ts";
import { NOBODY, type Notices } from "../notify/notice.ts";
import type { HubPlatform } from "../platform.ts";
import { Courier } from "./courier.ts";
import { earnedRamp, holdEndsAt } from "./earn.ts";
import type { Sources } from "./gather.ts";
import { GuardMemory } from "./memory.ts";
import { Orders } from "./orders.ts";
import { isStanding, judgedOf, routeOf, type LocatedSplit } from "./located-split.ts";
import { JUDGED_MS, Schedule } from "./schedule.ts";
import { SplitJudge } from "./split-judge.ts";
import { FRESH, GuardStates } from "./state.ts";
import { statusOf } from "./status.ts";
import { receiversOf, unevenNotice } from "./guard-notices.ts";

/** Routes that are judged at once: of each a policy may have to be read, and its visitors to be counted. */
const JUDGED_AT_ONCE = 20;

/** What guards hear of reports, what they conclude, and what they have done about it. */
export class Guards implements GuardStands {
  readonly #platform: HubPlatform;
  readonly #measure: Measure;
  readonly #notices: Notices;
  readonly #states: GuardStates;
  readonly #orders: Orders;
  readonly #courier: Courier;
  readonly #judge: SplitJudge;
  readonly #memory = new GuardMemory();
  readonly #schedule = new Schedule();
  /** Routes of which visitors wait to be stored. */
  readonly #waiting = new Set<string>();
  readonly #sources: Sources;

  constructor(platform: HubPlatform, measure: Measure, notices: Notices = NOBODY) {
    this.#notices = notices;
    this.#platform = platform;
    this.#measure = measure;
    this.#states = new GuardStates(measure.sql);
    this.#orders = new Orders(measure.sql);
    const { windows, networks } = this.#memory;
    this.#sources = { measure, windows, networks };
    const context = {
      platform,
      measure,
      notices,
      states: this.#states,
      orders: this.#orders,
      memory: this.#memory,
      sources: this.#sources,
    };
    this.#courier = new Courier(context);
    this.#judge = new SplitJudge(context);
    for (const key of measure.store.guarded()) this.#schedule.want(key, platform.now());
  }

  /** Takes what a report tells of guarded splits; whether a verdict waits until it is stored. */
  hear(taken: readonly TakenRoute[], now: number): boolean {
    let hurries = false;
    for (const { heard } of taken)
      if (heard.length > 0) hurries = this.#hear(heard, now) || hurries;
    return hurries;
  }

  #hear(heard: readonly Heard[], now: number): boolean {
    let hurries = false;
    for (const one of heard) {
      const { key, split, waits } = one;
      this.#memory.hear(one, () => this.#sinceOf(key, split.node.experiment), now);
      this.#schedule.want(key, now);
      if (waits !== "no") this.#waiting.add(key);
      hurries ||= waits === "failed";
    }
    return hurries;
  }

  /** Tells of a split that does not divide as it should. Inside a transaction. */
  tellUneven(uneven: Uneven): void {
    const split = uneven.names.guards.get(uneven.experiment.name);
    this.#notices.add(unevenNotice(uneven, this.#platform.now()), receiversOf(split));
  }

  #sinceOf(key: string, experiment: string): number {
    const route = this.#measure.store.idOf(key);
    return route === undefined ? FRESH.since : this.#states.of(route, experiment).since;
  }

  /** What waited is stored: there is more to judge by. */
  stored(now: number): void {
    for (const key of this.#waiting) this.#schedule.want(key, now);
    this.#waiting.clear();
  }

  /** Something else is known of a route: there may be a newer text. */
  changed(key: string, now: number): void {
    this.#measure.changes.route(key);
    const known = routeOf(this.#measure, key);
    if (known !== undefined) this.#trying(key, now, () => this.#endGone(known));
    if (known?.head.guarded !== true) return this.#forget(key);
    this.#schedule.want(key, now);
    // Before any report: what comes from now on may be of a roll-out that begins with this text.
    return this.#trying(key, now, () => {
      for (const split of known.names.guards.values()) this.#judge.begin({ ...known, split }, now);
    });
  }

  /** Splits that are in the policy no more, or nowhere as the route is gone: they begin anew should they come again. */
  #endGone({ route, names }: Omit<LocatedSplit, "split">): void {
    for (const { name } of this.#measure.experiments.of(route).values())
      if (!names.splits.has(name)) this.#judge.end(route, name);
  }

  #trying(key: string, now: number, work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#schedule.want(key, now + JUDGED_MS);
      this.#platform.log("error", "a guard cannot judge; trying again", {
        route: key,
        error: String(error),
      });
    }
  }

  #forget(key: string): void {
    this.#schedule.forget(key);
    this.#memory.keep(key, new Set());
  }

  /** When something is to be done (ms); never, where nothing is. */
  dueAt(): number {
    return Math.min(this.#schedule.dueAt(), this.#orders.dueAt());
  }

  /** Judges the routes that are due. Never throws. */
  judge(now: number): void {
    for (const key of this.#schedule.take(now, JUDGED_AT_ONCE)) {
      this.#measure.changes.route(key);
      this.#trying(key, now, () => {
        const next = this.#judgeRoute(key, now);
        if (next !== undefined) this.#schedule.want(key, next);
      });
    }
  }

  /** Brings what was decided to the ledgers. Never rejects. */
  async run(): Promise<void> {
    await this.#courier.run();
  }

  /** Judges the splits of a route; when the clock alone may change what comes of it (ms). */
  #judgeRoute(key: string, now: number): number | undefined {
    const known = routeOf(this.#measure, key);
    if (known === undefined || known.names.guards.size === 0) {
      this.#forget(key);
      return undefined;
    }
    const { guards } = known.names;
    this.#memory.keep(key, guards);
    const due: number[] = [];
    for (const split of guards.values()) {
      this.#judge.judge({ ...known, split }, now);
      const name = { key, experiment: split.node.experiment };
      const ramp = earnedRamp(split);
      const ends = [ramp && holdEndsAt(ramp), this.#memory.windows.expire(name, now)];
      for (const at of ends) if (at !== undefined && at > now) due.push(at);
    }
    return due.length === 0 ? undefined : Math.min(...due);
  }

  /** Where the guard of a split stands; null where it has none. */
  of(key: string, experiment: string): GuardStatus | null {
    const known = routeOf(this.#measure, key);
    const split = known?.names.guards.get(experiment);
    if (known === undefined || split === undefined) return null;
    const { route, head } = known;
    const state = this.#states.of(route, experiment);
    const of = judgedOf({ ...known, split }, this.#measure, state, this.#platform.now());
    const { acted } = state;
    const isIdle = acted !== undefined && of.situation.idle !== undefined;
    return statusOf(this.#sources, {
      head,
      of,
      state,
      waiting: this.#orders.of(route, experiment),
      stands: !head.silent && (isIdle || isStanding(acted, head, of.situation)),
      acts: this.#platform.guard !== undefined,
    });
  }

  /** Where the guards of a route's splits stand. */
  ofRoute(key: string): GuardTotals[] {
    const known = routeOf(this.#measure, key);
    return [...(known?.names.guards.keys() ?? [])].flatMap((experiment) => {
      const status = this.of(key, experiment);
      return status === null ? [] : [{ route: key, experiment, status }];
    });
  }
}
