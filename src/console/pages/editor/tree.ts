import { readJson } from "../../../lib/json.ts";
import type { syntaxTree } from "@codemirror/language";

/** What lang-json makes of a text. */
export type Tree = ReturnType<typeof syntaxTree>;
export type Node = Tree["topNode"];

/** Part of the text that a tree is of. */
export type Slice = (from: number, to: number) => string;

/** A part of a text. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** What a string of JSON says; as it stands where it is none. */
export function stringIn(text: string): string {
  const value = readJson(text);
  return typeof value === "string" ? value : text.replaceAll('"', "");
}

/** The name of a property; `undefined` where it has none yet. */
export function nameOf(property: Node, slice: Slice): string | undefined {
  const name = property.getChild("PropertyName");
  return name === null ? undefined : stringIn(slice(name.from, name.to));
}

const VALUES = new Set(["True", "False", "Null", "Number", "String", "Object", "Array"]);

/** The values that stand just inside a node: items of an array, or what a property has. */
export function valuesIn(node: Node): Node[] {
  const found: Node[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling)
    if (VALUES.has(child.name)) found.push(child);
  return found;
}
