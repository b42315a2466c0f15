import type { Sql } from "../../lib/sql.ts";

/** A goal that waits for the exposure of its visitor. */
export interface WaitingGoal {
  readonly route: number;
  readonly digest: string;
  readonly goal: string;
  /** ms since the epoch. */
  readonly at: number;
  readonly value: number;
  /** Until when it waits (ms since the epoch). */
  readonly until: number;
  /** The experiments for which it waits no more. */
  readonly done: readonly number[];
}

type WaitingRow = {
  number: number;
  route: number;
  digest: string;
  goal: string;
  at: number;
  value: number;
  until: number;
  done: string;
};

const nameOf = ({ route, digest }: Pick<WaitingGoal, "route" | "digest">): string =>
  `${route} ${digest}`;

/** Goals that came before their exposure: few, so all of them are in memory beside their rows. */
export class Waiting {
  readonly #sql: Sql;
  readonly #most: number;
  #byNumber: Map<number, WaitingGoal> | undefined;
  readonly #byVisitor = new Map<string, Set<number>>();

  constructor(sql: Sql, most: number) {
    this.#sql = sql;
    this.#most = most;
  }

  #load(): Map<number, WaitingGoal> {
    if (this.#byNumber !== undefined) return this.#byNumber;
    const loaded = new Map<number, WaitingGoal>();
    this.#byNumber = loaded;
    for (const row of this.#sql.exec<WaitingRow>("SELECT * FROM waiting_goals").toArray()) {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- nobody but this class writes these rows
      this.#keep(row.number, { ...row, done: JSON.parse(row.done) as number[] });
    }
    return loaded;
  }

  #keep(number: number, goal: WaitingGoal): void {
    this.#load().set(number, goal);
    const numbers = this.#byVisitor.get(nameOf(goal)) ?? new Set();
    this.#byVisitor.set(nameOf(goal), numbers.add(number));
  }

  /** Lets a goal wait; `false` where too many do. Inside a transaction. */
  add(goal: WaitingGoal): boolean {
    if (this.#load().size >= this.#most) return false;
    const [row] = this.#sql
      .exec<{ number: number }>(
        `INSERT INTO waiting_goals (route, digest, goal, at, value, until, done)
         VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING number`,
        goal.route,
        goal.digest,
        goal.goal,
        goal.at,
        goal.value,
        goal.until,
        JSON.stringify(goal.done),
      )
      .toArray();
    if (row !== undefined) this.#keep(row.number, goal);
    return true;
  }

  /** The goals of a visitor. */
  of(route: number, digest: string): { readonly number: number; readonly goal: WaitingGoal }[] {
    const goals = this.#load();
    const found = [];
    for (const number of this.#byVisitor.get(nameOf({ route, digest })) ?? []) {
      const goal = goals.get(number);
      if (goal !== undefined) found.push({ number, goal });
    }
    return found;
  }

  /** Says for which experiments a goal waits no more. Inside a transaction. */
  setDone(number: number, done: readonly number[]): void {
    const goal = this.#load().get(number);
    if (goal === undefined || goal.done.length === done.length) return;
    this.#load().set(number, { ...goal, done });
    this.#sql.exec(
      "UPDATE waiting_goals SET done = ? WHERE number = ?",
      JSON.stringify(done),
      number,
    );
  }

  /** Inside a transaction. */
  delete(number: number): void {
    const goal = this.#load().get(number);
    if (goal === undefined) return;
    this.#load().delete(number);
    const name = nameOf(goal);
    const numbers = this.#byVisitor.get(name);
    numbers?.delete(number);
    if (numbers?.size === 0) this.#byVisitor.delete(name);
    this.#sql.exec("DELETE FROM waiting_goals WHERE number = ?", number);
  }

  /** When the first one has waited long enough (ms); `undefined` where none waits. */
  dueAt(): number | undefined {
    const [first] = this.#load().values();
    return first?.until;
  }

  /** Deletes those that have waited long enough. Inside a transaction. */
  expire(now: number): void {
    for (const [number, { until }] of this.#load()) {
      // In the order in which they came, and all wait equally long.
      if (until > now) return;
      this.delete(number);
    }
  }

  /** A transaction was rolled back. */
  forget(): void {
    this.#byNumber = undefined;
    this.#byVisitor.clear();
  }
}
