interface Branch<T> {
  value: T | undefined;
  children: Map<string, Branch<T>> | undefined;
}

/**
 * Longest prefix on segment boundaries. A tree of segments: a look-up walks the path once and
 * stops where the tree ends, so its cost depends on the path's length and never on how many
 * prefixes there are.
 */
export class PrefixTable<T> {
  readonly #root: Branch<T> = { value: undefined, children: undefined };

  /** Adds a key in the form of `normalPrefix`: a leading slash, none at its end. */
  add(prefix: string, value: T): void {
    let branch = this.#root;
    // Not split: of ten thousand keys that took three times as long.
    for (let start = 1, end; start <= prefix.length; start = end + 1) {
      const slash = prefix.indexOf("/", start);
      end = slash === -1 ? prefix.length : slash;
      const segment = prefix.slice(start, end);
      branch.children ??= new Map();
      let next = branch.children.get(segment);
      if (next === undefined) {
        next = { value: undefined, children: undefined };
        branch.children.set(segment, next);
      }
      branch = next;
    }
    branch.value = value;
  }

  /** The value of the longest key that `path` lies under. */
  find(path: string): T | undefined {
    let branch: Branch<T> | undefined = this.#root;
    let found: T | undefined;
    let start = 1;
    while (branch?.children !== undefined && start <= path.length) {
      const slash = path.indexOf("/", start);
      const end = slash === -1 ? path.length : slash;
      branch = branch.children.get(path.slice(start, end));
      found = branch?.value ?? found;
      start = end + 1;
    }
    return found;
  }

  /** Every value of the table. */
  *values(): Generator<T> {
    const waiting = [this.#root];
    for (let branch = waiting.pop(); branch !== undefined; branch = waiting.pop()) {
      if (branch.value !== undefined) yield branch.value;
      if (branch.children !== undefined) waiting.push(...branch.children.values());
    }
  }
}
