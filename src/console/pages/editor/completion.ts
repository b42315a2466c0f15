import type { Completion, CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import { ensureSyntaxTree } from "@codemirror/language";
import type { EditorView } from "@codemirror/view";

import { Reader, type Suggestion } from "./schema.ts";
import { spotAt, type Spot } from "./spot.ts";

/** A tree is waited for no longer than this (ms): a key that is pressed must show. */
const TREE_MS = 20;

let reader: Promise<Reader> | undefined;

/** The schema is large, and loaded when something is first offered. */
async function loadReader(): Promise<Reader> {
  const { default: schema } = await import("../../../api/generated/policy.schema.json");
  return new Reader(schema);
}

/** Puts a suggestion in the place of what is written, and the cursor where one goes on. */
function put(view: EditorView, { text, label }: Suggestion, { kind, from, to }: Spot): void {
  const after = view.state.sliceDoc(to, to + 2);
  const name = kind === "name" ? JSON.stringify(label) : "";
  const insert = kind === "value" ? text : after.startsWith(":") ? name : `${name}: ${text}`;
  const inside = /["\]}]$/.test(insert) && kind === "name" && text.length === 2 ? 1 : 0;
  view.dispatch({
    changes: { from, to, insert },
    selection: { anchor: from + insert.length - inside },
    userEvent: "input.complete",
    scrollIntoView: true,
  });
}

/** What may be written where the cursor is, by the JSON Schema of policies. */
export async function complete(context: CompletionContext): Promise<CompletionResult | null> {
  const { state, pos, explicit } = context;
  const tree = ensureSyntaxTree(state, pos, TREE_MS);
  const spot = tree && spotAt(tree, (from, to) => state.sliceDoc(from, to), pos);
  if (!spot || (spot.from === pos && !explicit)) return null;
  reader ??= loadReader();
  const { way, written, kind, from, to } = spot;
  const known = await reader;
  const list = kind === "name" ? known.names(way, written) : known.values(way);
  const options = list.map((one): Completion => {
    const { label, detail, info, isRequired } = one;
    return {
      label: kind === "name" ? `"${label}"` : label,
      displayLabel: label,
      ...(detail === undefined ? {} : { detail }),
      ...(info === undefined ? {} : { info }),
      boost: isRequired ? 1 : 0,
      apply: (view, _, start, end) =>
        put(view, one, { ...spot, from: start, to: Math.max(end, to) }),
    };
  });
  return { from, to: pos, options, filter: true };
}
