import {
  nameOf,
  stringIn,
  valuesIn,
  type Node,
  type Range,
  type Slice,
  type Tree,
} from "./tree.ts";

/** One step into a value: which field or item, and what that value has beside it. */
export interface Step {
  readonly step: string | number;
  /** Texts that the object it leads out of has in its fields, which tell its kind. */
  readonly beside: Readonly<Record<string, string>>;
}

/** Where something may be written: a name in an object, or a value. */
export interface Spot extends Range {
  readonly kind: "name" | "value";
  /** From the whole to the object, or to the value. */
  readonly way: readonly Step[];
  /** Of a name: what the object has already, by name; texts as they are, all else as `undefined`. */
  readonly written: Readonly<Record<string, string | undefined>>;
}

function fieldsOf(object: Node, slice: Slice, but?: Node): Record<string, string | undefined> {
  const fields: Record<string, string | undefined> = {};
  for (const property of object.getChildren("Property")) {
    if (but !== undefined && property.from === but.from) continue;
    const name = nameOf(property, slice);
    const text = property.getChild("String");
    if (name !== undefined)
      fields[name] = text === null ? undefined : stringIn(slice(text.from, text.to));
  }
  return fields;
}

function textsOf(object: Node, slice: Slice, but: Node): Record<string, string> {
  const texts = Object.entries(fieldsOf(object, slice, but));
  return Object.fromEntries(
    texts.filter((field): field is [string, string] => field[1] !== undefined),
  );
}

const indexIn = (array: Node, pos: number): number =>
  valuesIn(array).filter(({ to }) => to < pos).length;

/** The steps from the whole to what stands at `pos` in a container. */
function wayTo(node: Node, pos: number, slice: Slice): Step[] | undefined {
  const steps: Step[] = [];
  for (let one: Node | null = node; one !== null; one = one.parent) {
    if (one.name === "Property") {
      const name = nameOf(one, slice);
      if (name === undefined || one.parent === null) return undefined;
      steps.push({ step: name, beside: textsOf(one.parent, slice, one) });
    } else if (one.name === "Array") steps.push({ step: indexIn(one, pos), beside: {} });
  }
  return steps.toReversed();
}

const OPENS = new Set(["{", "[", ",", ":"]);
const CLOSES = new Set(["}", "]"]);

/** A word that is being written, with or without its first quote. */
const WORD = /["\w$.*/-]*$/;

/** A line is never looked at further back than this (characters). */
const MAX_LINE = 300;

/** What may be written at a position; `undefined` where nothing may. */
export function spotAt(tree: Tree, slice: Slice, pos: number): Spot | undefined {
  const token = tree.resolveInner(pos, -1);
  const isText = ["String", "PropertyName", "Number", "True", "False", "Null"].includes(token.name);
  const line = slice(Math.max(0, pos - MAX_LINE), pos);
  const from = isText ? token.from : pos - (WORD.exec(line)?.[0].length ?? 0);
  const to = isText ? Math.max(token.to, pos) : pos;
  let node = isText ? token : tree.resolveInner(from, -1);
  if (CLOSES.has(node.name) && node.to <= from) return undefined;
  const isAfterColon = /:\s*$/.test(slice(Math.max(0, from - MAX_LINE), from));
  if (token.name === "PropertyName" && token.parent !== null) node = token.parent;
  else if (isText || OPENS.has(node.name) || node.type.isError) node = node.parent ?? node;
  while (node.type.isError && node.parent !== null) node = node.parent;
  const isName = token.name === "PropertyName";
  if (node.name === "Property" && !isName) {
    if (!isText && !isAfterColon) return undefined;
    const way = wayTo(node, from, slice);
    return way && { kind: "value", from, to, way, written: {} };
  }
  const object = isName ? node.parent : node;
  if (object?.name === "Object" && !isAfterColon) {
    const way = wayTo(object, from, slice);
    const written = fieldsOf(object, slice, isName ? node : undefined);
    return way && { kind: "name", from, to, way, written };
  }
  if (object?.name === "Array" || object?.name === "JsonText") {
    const way = wayTo(object, from, slice);
    return way && { kind: "value", from, to, way, written: {} };
  }
  return undefined;
}
