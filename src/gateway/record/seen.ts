/**
 * A memory of numbers that forgets: each has one place, and whoever comes to it next takes it. All it
 * costs is 4 bytes a place, and whoever was forgotten is told of once more.
 */
export class Seen {
  readonly #places: Uint32Array;

  constructor(places: number) {
    this.#places = new Uint32Array(places);
  }

  #place(number: number): number {
    return (number >>> 0) % this.#places.length;
  }

  has(number: number): boolean {
    return this.#places[this.#place(number)] === number >>> 0;
  }

  add(number: number): void {
    this.#places[this.#place(number)] = number;
  }
}
