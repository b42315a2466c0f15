import { GUARD_AUTHOR } from "../../lib/guard.ts";
import { formatInstant } from "../../lib/instant-text.ts";
import type { NoticeEvent } from "../../lib/notice-events.ts";
import type { Publication } from "../../report/wire.ts";
import type { Head } from "../head.ts";
import type { Names, Policies } from "../measure/policies.ts";
import type { HubStore } from "../store.ts";
import type { Notice } from "./notice.ts";
import { NoticeOutbox, type NotifyPlatform } from "./outbox.ts";
import { remindersOf } from "./reminded.ts";
import { Reminders, type DueReminder, type Reminder } from "./reminders.ts";

/** A version that has not come to KV for so long (ms) is told of: five minutes. */
export const UNPUBLISHED_MS = 300_000;

/** The receivers that the guards of a policy name. */
const namedBy = ({ splits }: Names): readonly string[] => [
  ...new Set([...splits.values()].flatMap(({ guard }) => guard?.notify ?? [])),
];

/** Tells receivers what happens to routes beside what guards do: edits, drift, and what was to happen and did not. */
export class Notifier {
  readonly outbox: NoticeOutbox;
  readonly #reminders: Reminders;
  readonly #store: HubStore;
  readonly #policies: Policies;
  readonly #transaction: <T>(work: () => T) => T;
  readonly #now: () => number;

  constructor(
    platform: NotifyPlatform & { readonly transaction: <T>(work: () => T) => T },
    store: HubStore,
    policies: Policies,
  ) {
    this.outbox = new NoticeOutbox(platform);
    this.#reminders = new Reminders(platform.sql);
    this.#store = store;
    this.#policies = policies;
    this.#transaction = platform.transaction;
    this.#now = platform.now;
  }

  /** When there is something to tell, or to send (ms); `undefined` where there is nothing, or it is being sent. */
  dueAt(): number | undefined {
    if (this.outbox.isRunning) return undefined;
    const due = [this.outbox.dueAt(), this.#reminders.dueAt()].filter((at) => at !== undefined);
    return due.length === 0 ? undefined : Math.min(...due);
  }

  /** Sends what waits, and finds what is due first. Never rejects. */
  async run(): Promise<void> {
    this.#all(() => {
      for (const due of this.#reminders.take(this.#now())) this.#remind(due);
    });
    await this.outbox.run();
  }

  /** Hears of a version that a ledger told; `before` is what was known of the route. */
  published({ key, version, made }: Publication, before: Head | undefined): void {
    const head = this.#store.head(key);
    if (head === undefined || head.version !== version) return;
    this.#all(() => {
      this.#lookAhead(head);
      const isNew = version > (before?.version ?? 0);
      if (!isNew || made === undefined || made.author === GUARD_AUTHOR) return;
      const { author, action, note } = made;
      const why = note === "" ? "" : `: ${note}`;
      this.#tell(head, "edit", `${author} made version ${version} (${action})${why}.`);
    });
  }

  /** Hears that KV has the newest version of a route. */
  settled(key: string): void {
    const route = this.#store.idOf(key);
    if (route === undefined || this.#store.head(key)?.pending !== false) return;
    this.#all(() => this.#reminders.drop(route, "publish-failed"));
  }

  /** Hears that KV was looked at, or a ledger, for what they have of a route; `before` is what was known of it. */
  looked(key: string, before: Head | undefined): void {
    const head = this.#store.head(key);
    const isKnown = head?.byHand === before?.byHand && head?.version === before?.version;
    if (head === undefined || isKnown) return;
    this.#all(() => {
      this.#lookAhead(head);
      if (head.byHand === undefined || head.byHand === before?.byHand || head.version === 0) return;
      this.#tell(
        head,
        "drift",
        `A value that no ledger put into KV rules this route in place of version ${head.version}: adopt it, or republish that version.`,
      );
    });
  }

  /** What may have to be told of a route later, by the text that rules it now. */
  #lookAhead(head: Head): void {
    const route = this.#store.idOf(head.key);
    if (route === undefined) return;
    const names = this.#policies.of(head);
    const reminders: Reminder[] = [];
    // Where nobody hears of the route, nobody need be reminded.
    if (this.outbox.isHeard(head.key, namedBy(names))) {
      reminders.push(...remindersOf(names.splits));
      if (head.pending)
        reminders.push({
          event: "publish-failed",
          experiment: "",
          at: this.#now() + UNPUBLISHED_MS,
        });
    }
    this.#reminders.set(route, reminders);
  }

  #remind({ route, event, experiment, at }: DueReminder): void {
    const head = this.#store.headOf(route)?.head;
    if (head === undefined || !head.listed) return;
    if (event === "publish-failed") {
      if (!head.pending) return;
      const words = `Version ${head.version} has not come to KV for five minutes: gateways hear of it from the hub alone, and a gateway without the hub serves the version before.`;
      this.#tell(head, event, words);
      return;
    }
    if (!this.#policies.of(head).splits.has(experiment)) return;
    const words =
      event === "lease-expired"
        ? `The lease ended at ${formatInstant(at)}: everybody is back on the stable variant. Renew the lease to go on.`
        : "The ramp has stood on its step for a day, paused or waiting for its next step to be earned. Resume or promote it, or abort.";
    this.#tell(head, event, words, experiment);
  }

  #tell(head: Head, event: NoticeEvent, words: string, experiment?: string): void {
    const { key, version } = head;
    const notice: Notice = {
      event,
      route: key,
      at: this.#now(),
      words,
      version,
      ...(experiment !== undefined && { experiment }),
    };
    this.outbox.add(notice, namedBy(this.#policies.of(head)));
  }

  #all(work: () => void): void {
    try {
      this.#transaction(work);
    } catch (error) {
      this.#reminders.forget();
      this.outbox.forget();
      throw error;
    }
  }
}
