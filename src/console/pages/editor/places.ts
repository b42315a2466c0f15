import { join } from "../../../lib/issue.ts";
import { nameOf, valuesIn, type Node, type Range, type Slice, type Tree } from "./tree.ts";

/** Whether a path leads to a place or beyond it. */
const leadsThrough = (path: string, place: string): boolean =>
  path === place || path.startsWith(`${place}.`) || path.startsWith(`${place}[`);

/** What a thing that is missing is shown at: the start of where it should be. */
const startOf = ({ from, to }: Node): Range => ({ from, to: Math.min(to, from + 1) });

class Search {
  readonly found = new Map<string, Range>();
  readonly #slice: Slice;

  constructor(slice: Slice) {
    this.#slice = slice;
  }

  /** Finds where paths lead that lead through a value; `at` is what is shown of the value itself. */
  look(value: Node, place: string, at: Range, paths: readonly string[]): void {
    for (const path of paths) this.found.set(path, path === place ? at : startOf(value));
    const further = paths.filter((path) => path !== place);
    if (further.length === 0) return;
    if (value.name === "Array") {
      valuesIn(value).forEach((item, index) => {
        this.#enter(item, join(place, index), item, further);
      });
      return;
    }
    for (const property of value.getChildren("Property")) {
      const name = nameOf(property, this.#slice);
      const [inside] = valuesIn(property);
      if (name !== undefined) this.#enter(inside ?? property, join(place, name), property, further);
    }
  }

  #enter(value: Node, place: string, at: Range, paths: readonly string[]): void {
    const through = paths.filter((path) => leadsThrough(path, place));
    if (through.length > 0) this.look(value, place, { from: at.from, to: at.to }, through);
  }
}

/**
 * Where in a text of JSON the paths of issues lead: a field with its name, an item; of what is not there, the start of
 * what it should be in. Linear in the text.
 */
export function placesOf(
  tree: Tree,
  slice: Slice,
  paths: readonly string[],
): ReadonlyMap<string, Range> {
  const search = new Search(slice);
  const root = valuesIn(tree.topNode)[0] ?? tree.topNode;
  search.look(root, "$", startOf(root), [...new Set(paths)]);
  return search.found;
}
