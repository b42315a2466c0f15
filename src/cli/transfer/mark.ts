/**
 * How far a file has been worked off when its parts are finished out of order: everything before
 * `offset` is done. What is done beyond it is done again after a kill, which changes nothing.
 */
export class Mark {
  readonly #open = new Map<number, number>();
  #end: number;
  #begun = 0;

  constructor(offset: number) {
    this.#end = offset;
  }

  /** A part that begins here and ends there is under way. */
  begin(from: number, to: number): void {
    this.#open.set(from, this.#begun);
    this.#begun += 1;
    this.#end = Math.max(this.#end, to);
  }

  /** The part that began here is done. */
  finish(from: number): void {
    this.#open.delete(from);
  }

  get offset(): number {
    return this.#first()?.[0] ?? this.#end;
  }

  /** How many parts stand before `offset`. */
  get count(): number {
    return this.#first()?.[1] ?? this.#begun;
  }

  /** A map keeps its order, and parts begin in the order of the file. */
  #first(): [number, number] | undefined {
    return this.#open.entries().next().value;
  }
}
