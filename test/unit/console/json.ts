import { jsonLanguage } from "@codemirror/lang-json";

/** A text with its tree, as the editor has them. */
export const parsed = (text: string) => ({
  tree: jsonLanguage.parser.parse(text),
  slice: (from: number, to: number) => text.slice(from, to),
});

/** A text with its cursor, which `|` stands for. */
export function atCursor(marked: string) {
  const pos = marked.indexOf("|");
  return { ...parsed(marked.replace("|", "")), pos };
}
