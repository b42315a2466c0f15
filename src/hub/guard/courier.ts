import type { GuardOutcome } from "../../report/guard.ts";
import type { Measure } from "../measure/measure.ts";
import type { Notices } from "../notify/notice.ts";
import type { HubPlatform } from "../platform.ts";
import type { Orders, Waiting } from "./orders.ts";
import { checkName, type GuardState, type GuardStates } from "./state.ts";
import { doneNotice, receiversOf, refusedNotice } from "./guard-notices.ts";

/** What bringing orders to ledgers takes. */
export interface CourierContext {
  readonly platform: Pick<HubPlatform, "guard" | "transaction" | "now" | "log">;
  readonly measure: Pick<Measure, "store" | "policies" | "changes">;
  readonly orders: Orders;
  readonly states: GuardStates;
  readonly notices: Notices;
}

const isSame = (one: Waiting, other: Waiting | undefined): boolean =>
  other !== undefined && JSON.stringify(one.order) === JSON.stringify(other.order);

/** What a guard remembers once its action is done. */
function afterDone(
  state: GuardState,
  { order, checks }: Waiting,
  version: number,
  at: number,
): GuardState {
  const { action, evidence } = order;
  if (action.kind === "grant") return { ...state, granted: { step: action.step, at } };
  return {
    ...state,
    acted: { version, at, action: action.kind, evidence, checks },
    ...(checks.includes(checkName({ metric: "srm" })) && { srmActed: true }),
  };
}

/** Brings what guards want to ledgers, again and again until each has answered. */
export class Courier {
  readonly #context: CourierContext;

  constructor(context: CourierContext) {
    this.#context = context;
  }

  /** Sends what is due. Never rejects. */
  async run(): Promise<void> {
    const { orders, platform } = this.#context;
    const due = orders.dueAt() > platform.now() ? [] : orders.due(platform.now());
    await Promise.all(due.map(async (order) => this.#send(order)));
  }

  #transaction({ order }: Waiting, work: () => void): void {
    const { orders, platform, measure } = this.#context;
    measure.changes.route(order.key);
    try {
      platform.transaction(work);
    } finally {
      orders.forget();
    }
  }

  async #send(waiting: Waiting): Promise<void> {
    const { orders, platform, measure } = this.#context;
    const { order, attempts } = waiting;
    try {
      const isNewest = measure.store.head(order.key)?.version === order.version;
      // One that was sent before may have been done: only its ledger knows.
      if (!isNewest && attempts === 0) {
        this.#transaction(waiting, () => orders.delete(waiting));
        return;
      }
      this.#transaction(waiting, () => orders.sends(waiting, platform.now()));
      const outcome = await platform.guard?.(order);
      if (outcome !== undefined && isSame(waiting, orders.of(waiting.route, waiting.experiment)))
        this.#transaction(waiting, () => this.#settle(waiting, outcome));
    } catch (error) {
      platform.log("warn", "a guard's order is not carried out yet; trying again", {
        route: order.key,
        experiment: waiting.experiment,
        version: order.version,
        action: order.action,
        attempts: attempts + 1,
        error: String(error),
      });
    }
  }

  /** Remembers what became of an order, and tells of it. Inside a transaction. */
  #settle(waiting: Waiting, outcome: GuardOutcome): void {
    const { orders, states, notices, platform, measure } = this.#context;
    const { route, experiment, order } = waiting;
    const state = states.of(route, experiment);
    const head = measure.store.head(order.key);
    const receivers = receiversOf(head && measure.policies.of(head).guards.get(experiment));
    const now = platform.now();
    orders.delete(waiting);
    switch (outcome.done) {
      case "made":
      case "already":
        states.set(route, experiment, afterDone(state, waiting, outcome.version, now));
        notices.add(doneNotice(waiting, outcome.version, now), receivers);
        return;
      case "outdated":
        states.set(route, experiment, { ...state, outdated: order.version });
        return;
      case "refused": {
        const { reason } = outcome;
        const at = head === undefined ? {} : { at: head.at };
        const refused = { version: order.version, ...at, kind: order.action.kind, reason };
        states.set(route, experiment, { ...state, refused });
        notices.add(refusedNotice(waiting, reason, now), receivers);
        platform.log("error", "a ledger refuses what a guard wants", {
          route: order.key,
          experiment,
          ...refused,
        });
        return;
      }
      default:
        outcome satisfies never;
    }
  }
}
