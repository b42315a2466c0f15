import type { AllocationReport, GoalReport, VisitorReport } from "../../report/measured.ts";

/** A visitor who waits to be stored. */
export interface QueuedVisitor {
  readonly key: string;
  readonly experiment: string;
  readonly allocation: AllocationReport;
  readonly visitor: VisitorReport;
}

/** A goal that waits to be stored. */
export interface QueuedGoal {
  readonly key: string;
  readonly goal: GoalReport;
}

/** What reports told of visitors since the shard was last stored. */
export class Queue {
  readonly #most: number;
  #visitors: QueuedVisitor[] = [];
  #goals: QueuedGoal[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  get visitors(): readonly QueuedVisitor[] {
    return this.#visitors;
  }

  get goals(): readonly QueuedGoal[] {
    return this.#goals;
  }

  /** Whether more wait than a shard should have to store at once. */
  get isFull(): boolean {
    return this.#visitors.length + this.#goals.length >= this.#most;
  }

  /** Adds to it; far beyond its bound, where nothing can be stored, what comes is lost. */
  add(visitors: readonly QueuedVisitor[], goals: readonly QueuedGoal[]): void {
    if (this.#visitors.length + this.#goals.length >= 2 * this.#most) return;
    this.#visitors.push(...visitors);
    this.#goals.push(...goals);
  }

  /** Leaves out what waits of a visitor of a route; whether anything did. */
  forget(key: string, digest: string): boolean {
    const before = this.#visitors.length + this.#goals.length;
    this.#visitors = this.#visitors.filter(
      (one) => one.key !== key || one.visitor.digest !== digest,
    );
    this.#goals = this.#goals.filter((one) => one.key !== key || one.goal.digest !== digest);
    return this.#visitors.length + this.#goals.length < before;
  }

  clear(): void {
    this.#visitors = [];
    this.#goals = [];
  }
}
