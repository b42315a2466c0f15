import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from "@codemirror/autocomplete";
import { history, historyKeymap, indentWithTab, standardKeymap } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import { bidiIsolates } from "@codemirror/language";
import { lintGutter, nextDiagnostic, setDiagnostics, type Diagnostic } from "@codemirror/lint";
import { Compartment, EditorState } from "@codemirror/state";
import {
  EditorView,
  highlightActiveLine,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from "@codemirror/view";

import { MAX_POLICY_BYTES } from "../../../api/limits.ts";
import { complete } from "./completion.ts";
import { LOOK } from "./theme.ts";

/** What an editor is made with. */
export interface CodeOptions {
  readonly text: string;
  readonly isReadOnly: boolean;
  /** What the text is, for who cannot see it. */
  readonly label: string;
  readonly onChange: (text: string) => void;
  /** Where more would stand in it than any policy may have; it is then as it was. */
  readonly onTooLong: () => void;
}

/** An editor of JSON. */
export interface Code {
  readonly text: () => string;
  /** Puts another text in place of the whole; one can go back. */
  readonly replace: (text: string) => void;
  readonly focus: () => void;
  readonly show: (diagnostics: readonly Diagnostic[]) => void;
  /** Puts the cursor there, and the focus. */
  readonly goTo: (from: number, to: number) => void;
  /** Shows what differs from another text, or nothing of it any more. */
  readonly compare: (other: string | undefined) => Promise<void>;
  readonly close: () => void;
}

/** What differs is looked for no longer than this (ms), and then told less exactly. */
const DIFF_MS = 40;

/** Unchanged lines around a change that stay in sight. */
const CONTEXT_LINES = 3;

function revertButton(type: "accept" | "reject", action: (event: MouseEvent) => void): HTMLElement {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "cm-revert";
  button.textContent = "Take back";
  button.hidden = type === "accept";
  button.addEventListener("click", action);
  return button;
}

/** Puts an editor into a shadow root, where its styles need no element that the page's policy would refuse. */
export function openCode(host: HTMLElement, options: CodeOptions): Code {
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  const comparison = new Compartment();
  let shown: readonly Diagnostic[] = [];
  /** Goes to the next finding, and says it to who cannot see it. */
  const goToNext = (view: EditorView): boolean => {
    nextDiagnostic(view);
    const { main } = view.state.selection;
    const found = shown.find(({ from }) => from === main.from);
    if (found !== undefined) view.dispatch({ effects: EditorView.announce.of(found.message) });
    return true;
  };
  const state = EditorState.create({
    doc: options.text,
    extensions: [
      lineNumbers(),
      lintGutter(),
      history(),
      highlightSpecialChars(),
      highlightActiveLine(),
      closeBrackets(),
      bidiIsolates({ alwaysIsolate: true }),
      json(),
      LOOK,
      comparison.of([]),
      autocompletion({ override: [complete], icons: false }),
      EditorState.readOnly.of(options.isReadOnly),
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({
        "aria-label": options.label,
        "aria-readonly": String(options.isReadOnly),
        spellcheck: "false",
        tabindex: "0",
      }),
      EditorState.changeFilter.of((transaction) => {
        if (!transaction.docChanged || transaction.newDoc.length <= MAX_POLICY_BYTES) return true;
        options.onTooLong();
        return false;
      }),
      keymap.of([
        ...closeBracketsKeymap,
        ...completionKeymap,
        ...historyKeymap,
        { key: "F8", run: goToNext },
        ...standardKeymap,
        indentWithTab,
      ]),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) options.onChange(update.state.doc.toString());
      }),
    ],
  });
  const view = new EditorView({ state, parent: root, root });
  return {
    text: () => view.state.doc.toString(),
    replace: (text) => {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
    },
    focus: () => view.focus(),
    show: (diagnostics) => {
      shown = diagnostics;
      view.dispatch(setDiagnostics(view.state, diagnostics));
    },
    goTo: (from, to) => {
      view.focus();
      view.dispatch({
        selection: { anchor: from, head: Math.min(to, view.state.doc.lineAt(from).to) },
        effects: EditorView.scrollIntoView(from, { y: "center" }),
      });
    },
    compare: async (other) => {
      if (other === undefined) return view.dispatch({ effects: comparison.reconfigure([]) });
      const { unifiedMergeView } = await import("@codemirror/merge");
      const merge = unifiedMergeView({
        original: other,
        gutter: true,
        mergeControls: options.isReadOnly ? false : revertButton,
        collapseUnchanged: { margin: CONTEXT_LINES },
        diffConfig: { timeout: DIFF_MS },
      });
      view.dispatch({ effects: comparison.reconfigure(merge) });
    },
    close: () => view.destroy(),
  };
}
