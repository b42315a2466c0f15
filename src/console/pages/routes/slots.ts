/**
 * Says which of the rows in view stand in which places of the page. A row keeps its place for as long
 * as it is in view, and one that comes takes that of one that went, so that scrolling changes rows
 * instead of making them, which costs several times as much.
 */
export class Slots {
  /** By the key of what stands there, in the order of the list. */
  #slots: ReadonlyMap<string, number> = new Map();
  #made = 0;

  /** The places of these rows, which are in view now. */
  of(keys: readonly string[]): ReadonlyMap<string, number> {
    const staying = new Set(keys);
    const before = this.#slots;
    const free = [...before].flatMap(([key, slot]) => (staying.has(key) ? [] : slot));
    let used = 0;
    const come = () => free[used++] ?? this.#made++;
    this.#slots = new Map(keys.map((key) => [key, before.get(key) ?? come()]));
    return this.#slots;
  }
}
