import { Webhook } from "standardwebhooks";

import type { Receiver, Receivers } from "../../config/webhooks.ts";
import { covers } from "../../lib/scope.ts";
import type { Sql } from "../../lib/sql.ts";
import { bodyOf } from "./body.ts";
import { Circuit } from "./circuit.ts";
import type { Notice, Notices } from "./notice.ts";

/** Waits between the attempts for one notice (ms), the last of them again and again: some 15 attempts in a day. */
const WAITS_MS: readonly [number, ...number[]] = [
  5000, 30_000, 120_000, 600_000, 1_800_000, 3_600_000, 7_200_000,
];

/** What could not be delivered for so long (ms) is given up, and the log says so: a day. */
export const GIVEN_UP_MS = 86_400_000;

/** Notices that a shard keeps: a few MB. Beyond them the oldest goes. */
export const MAX_NOTICES = 5000;

/** Notices that are sent at once. */
export const SENT_AT_ONCE = 8;

/** Gone: the receiver wants nothing more of this. */
const GONE = 410;

/** One request to a receiver. */
export interface Delivery {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What the outbox needs of the world. */
export interface NotifyPlatform {
  readonly sql: Sql;
  readonly receivers: Receivers;
  /** Sends one request, follows no redirect, and answers with the status; rejects where none came in time. */
  readonly send: (delivery: Delivery) => Promise<number>;
  /** 128 random bits as text. */
  readonly randomId: () => string;
  /** 0 to 1. */
  readonly random: () => number;
  readonly now: () => number;
  readonly log: (
    level: "warn" | "error",
    message: string,
    details: Record<string, unknown>,
  ) => void;
}

type Row = {
  number: number;
  id: string;
  receiver: string;
  notice: string;
  created: number;
  attempts: number;
};

/** Notices on their way to receivers: stored until they have arrived, or a day has passed. */
export class NoticeOutbox implements Notices {
  readonly #platform: NotifyPlatform;
  readonly #circuit = new Circuit();
  #running: Promise<void> | undefined;
  /** What is known of the next row that is due; "unknown" where rows have changed. */
  #dueAt: number | undefined | "unknown" = "unknown";

  constructor(platform: NotifyPlatform) {
    this.#platform = platform;
  }

  /** Whether anybody hears of a route; `named` are the receivers of its guards. */
  isHeard(route: string, named: readonly string[]): boolean {
    for (const receiver of this.#platform.receivers.values())
      if (hears(receiver, route, named)) return true;
    return false;
  }

  /** Takes a notice for all who want to hear of it. Inside a transaction. */
  add(notice: Notice, named: readonly string[]): void {
    const { sql, receivers, now, randomId } = this.#platform;
    for (const receiver of receivers.values()) {
      if (!hears(receiver, notice.route, named)) continue;
      if (receiver.events?.includes(notice.event) === false) continue;
      sql.exec(
        `INSERT INTO notices (id, receiver, notice, created, attempts, due)
         VALUES (?, ?, ?, ?, 0, ?)`,
        `msg_${randomId()}`,
        receiver.name,
        JSON.stringify(notice),
        now(),
        now(),
      );
    }
    sql.exec(
      "DELETE FROM notices WHERE number <= (SELECT max(number) FROM notices) - ?",
      MAX_NOTICES,
    );
    this.#dueAt = "unknown";
  }

  /** When something is to be sent (ms); `undefined` where nothing waits. */
  dueAt(): number | undefined {
    if (this.#dueAt === "unknown") {
      const query = "SELECT min(due) AS due FROM notices";
      this.#dueAt =
        this.#platform.sql.exec<{ due: number | null }>(query).toArray()[0]?.due ?? undefined;
    }
    return this.#dueAt;
  }

  /** After a transaction was rolled back. */
  forget(): void {
    this.#dueAt = "unknown";
  }

  get isRunning(): boolean {
    return this.#running !== undefined;
  }

  /** Sends what is due, or waits with whoever does so already. Never rejects. */
  async run(): Promise<void> {
    this.#running ??= this.#send().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #send(): Promise<void> {
    for (let due = this.#due(); due.length > 0; due = this.#due())
      await Promise.all(due.map(async (row) => this.#attempt(row)));
  }

  /** The rows that are due and may be sent; those of a receiver that is left alone are put off. */
  #due(): Row[] {
    const { sql, now } = this.#platform;
    const query = `SELECT number, id, receiver, notice, created, attempts FROM notices
                   WHERE due <= ? ORDER BY due LIMIT ?`;
    const rows = sql.exec<Row>(query, now(), SENT_AT_ONCE).toArray();
    const probed = new Set<string>();
    return rows.filter(({ number, receiver }) => {
      const until = this.#circuit.openUntil(receiver, now());
      const isProbe = this.#circuit.isProbing(receiver);
      if (until <= now() && !(isProbe && probed.has(receiver))) {
        probed.add(receiver);
        return true;
      }
      this.#put(number, Math.max(until, now() + WAITS_MS[0]));
      return false;
    });
  }

  #put(number: number, due: number): void {
    this.#platform.sql.exec("UPDATE notices SET due = ? WHERE number = ?", due, number);
    this.#dueAt = "unknown";
  }

  #drop(number: number): void {
    this.#platform.sql.exec("DELETE FROM notices WHERE number = ?", number);
    this.#dueAt = "unknown";
  }

  async #attempt({ number, id, receiver: name, notice, created, attempts }: Row): Promise<void> {
    const { sql, receivers, send, random, now, log } = this.#platform;
    const receiver = receivers.get(name);
    if (receiver === undefined) return this.#drop(number);
    const wait = WAITS_MS[Math.min(attempts, WAITS_MS.length - 1)] ?? WAITS_MS[0];
    // Before it is sent: whatever happens now, there is a next time.
    this.#put(number, now() + Math.ceil(wait * (1 + random() / 4)));
    sql.exec("UPDATE notices SET attempts = attempts + 1 WHERE number = ?", number);
    let outcome: string;
    try {
      const status = await send(deliveryOf(id, notice, receiver, now()));
      if (status >= 200 && status < 300) {
        this.#circuit.succeeded(name);
        return this.#drop(number);
      }
      outcome = `status ${status}`;
      if (status === GONE) {
        this.#drop(number);
        log("warn", "a receiver of notices wants no more of them: status 410", { receiver: name });
      }
    } catch (error) {
      outcome = String(error);
    }
    this.#circuit.failed(name, now());
    if (now() - created < GIVEN_UP_MS) return undefined;
    this.#drop(number);
    return log("error", "a notice could not be delivered for a day, and is given up", {
      receiver: name,
      notice,
      attempts: attempts + 1,
      outcome,
    });
  }
}

const hears = ({ name, routes }: Receiver, route: string, named: readonly string[]): boolean =>
  named.includes(name) || routes.some((pattern) => covers(pattern, route));

/** The request that tells a receiver, signed as Standard Webhooks has it: https://www.standardwebhooks.com */
function deliveryOf(id: string, text: string, receiver: Receiver, now: number): Delivery {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- nobody but `add` writes these rows
  const body = bodyOf(JSON.parse(text) as Notice, receiver.format);
  const at = new Date(now);
  const { secret, url } = receiver;
  return {
    url,
    body,
    headers: {
      "content-type": "application/json",
      "user-agent": "Switchyard",
      "webhook-id": id,
      "webhook-timestamp": String(Math.floor(now / 1000)),
      ...(secret !== undefined && { "webhook-signature": new Webhook(secret).sign(id, at, body) }),
    },
  };
}
