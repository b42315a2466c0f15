/** Makes something of a value once, however often it is asked for: nodes that inherit a field share what is made of it. */
export class Once {
  readonly #made = new Map<unknown, Map<unknown, unknown>>();

  /** What `make` makes of `written`. `make` must be pure, and the same function at every call. */
  of<TWritten, TMade>(written: TWritten, make: (written: TWritten) => TMade): TMade {
    let made = this.#made.get(make);
    if (made === undefined) this.#made.set(make, (made = new Map()));
    if (!made.has(written)) made.set(written, make(written));
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- all that stands under `make` was made by it
    return made.get(written) as TMade;
  }
}
