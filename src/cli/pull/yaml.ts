import { isDeepStrictEqual } from "node:util";

import { isScalar, parseDocument, stringify, type Document } from "yaml";

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Changes what differs, place by place, so that comments beside the rest stay. */
function change(document: Document, path: readonly string[], from: unknown, to: unknown): void {
  if (isDeepStrictEqual(from, to)) return;
  if (isFields(from) && isFields(to)) {
    for (const name of new Set([...Object.keys(from), ...Object.keys(to)])) {
      const at = [...path, name];
      if (!Object.hasOwn(to, name)) document.deleteIn(at);
      else if (Object.hasOwn(from, name)) change(document, at, from[name], to[name]);
      else document.setIn(at, document.createNode(to[name]));
    }
    return;
  }
  const node: unknown = document.getIn(path, true);
  const isPlain = to === null || typeof to !== "object";
  if (isScalar(node) && isPlain) {
    node.value = to;
    delete node.source;
  } else document.setIn(path, document.createNode(to));
}

/**
 * A YAML text that says something else, with its comments as far as they can stay. Where the text is
 * not so easily changed (aliases, a value that is not a map), it is written anew, without them.
 */
export function changedYaml(text: string, to: unknown): string {
  const document = parseDocument(text);
  const from: unknown = document.errors.length > 0 ? undefined : document.toJS();
  if (isFields(from) && isFields(to)) {
    change(document, [], from, to);
    const changed = document.toString();
    if (isDeepStrictEqual(parseDocument(changed).toJS(), to)) return changed;
  }
  return stringify(to);
}
