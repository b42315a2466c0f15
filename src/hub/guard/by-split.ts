/** A split by its route's key and its name. */
export interface SplitName {
  readonly key: string;
  readonly experiment: string;
}

/** Something for each of some splits, route by route. */
export class BySplit<TValue> {
  readonly #routes = new Map<string, Map<string, TValue>>();

  get({ key, experiment }: SplitName): TValue | undefined {
    return this.#routes.get(key)?.get(experiment);
  }

  set({ key, experiment }: SplitName, value: TValue): void {
    const route = this.#routes.get(key) ?? new Map<string, TValue>();
    this.#routes.set(key, route.set(experiment, value));
  }

  delete({ key, experiment }: SplitName): void {
    const route = this.#routes.get(key);
    route?.delete(experiment);
    if (route?.size === 0) this.#routes.delete(key);
  }

  /** The splits of a route that are not among some. */
  others(key: string, experiments: { readonly has: (experiment: string) => boolean }): SplitName[] {
    return [...(this.#routes.get(key)?.keys() ?? [])]
      .filter((experiment) => !experiments.has(experiment))
      .map((experiment) => ({ key, experiment }));
  }
}
