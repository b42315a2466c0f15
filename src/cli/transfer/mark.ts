/** One part of a file, as it began: the how-manieth, and on which line. */
interface Part {
  readonly order: number;
  readonly line: number;
}

/**
 * How far a file has been worked off when its parts are finished out of order: everything before
 * `offset` is done. What is done beyond it is done again after a kill, which changes nothing.
 */
export class Mark {
  readonly #open = new Map<number, Part>();
  /** Which parts, by their order, came to nothing. */
  readonly #refused: number[] = [];
  #end: number;
  #begun = 0;
  #line = 0;

  constructor(offset: number) {
    this.#end = offset;
  }

  /** A part that begins here and ends there, on this line, is under way. */
  begin(from: number, to: number, line = 0): void {
    this.#open.set(from, { order: this.#begun, line });
    this.#begun += 1;
    this.#end = Math.max(this.#end, to);
    this.#line = line;
  }

  /** The part that began here is done, or refused. */
  finish(from: number, outcome: "done" | "refused" = "done"): void {
    const part = this.#open.get(from);
    if (outcome === "refused" && part !== undefined) this.#refused.push(part.order);
    this.#open.delete(from);
  }

  get offset(): number {
    return this.#first()?.[0] ?? this.#end;
  }

  /** How many parts stand before `offset`. */
  get count(): number {
    return this.#first()?.[1].order ?? this.#begun;
  }

  /** How many of them were refused. */
  get refused(): number {
    const { count } = this;
    return this.#refused.filter((order) => order < count).length;
  }

  /** How many lines stand before `offset`, empty ones included. */
  get lines(): number {
    const first = this.#first();
    return first === undefined ? this.#line : first[1].line - 1;
  }

  /** A map keeps its order, and parts begin in the order of the file. */
  #first(): [number, Part] | undefined {
    return this.#open.entries().next().value;
  }
}
