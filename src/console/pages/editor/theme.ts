import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

/** Custom properties of the page reach into the shadow root, and with them both colour schemes. */
const look = EditorView.theme({
  "&": { color: "var(--text)", backgroundColor: "var(--surface)", fontSize: "0.8125rem" },
  "&.cm-focused": { outline: "2px solid var(--accent)", outlineOffset: "-2px" },
  ".cm-scroller": {
    fontFamily: "var(--mono)",
    lineHeight: "1.55",
    overflow: "auto",
    minHeight: "20rem",
    maxHeight: "max(20rem, calc(100vh - 21rem))",
  },
  ".cm-content": { caretColor: "var(--accent)", padding: "0.5rem 0" },
  ".cm-gutters": {
    color: "var(--text-soft)",
    backgroundColor: "var(--surface)",
    borderRight: "1px solid var(--line)",
  },
  ".cm-activeLine": { backgroundColor: "var(--hover)" },
  ".cm-tooltip": {
    color: "var(--text)",
    backgroundColor: "var(--raised)",
    border: "1px solid var(--line)",
    borderRadius: "var(--radius)",
    boxShadow: "var(--shadow-up)",
    overflow: "hidden",
  },
  ".cm-tooltip-autocomplete > ul > li": { padding: "0.125rem 0.5rem", lineHeight: "1.6" },
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": {
    color: "var(--on-accent)",
    backgroundColor: "var(--accent-ground)",
  },
  ".cm-completionDetail": { marginLeft: "0.75rem", fontStyle: "normal", opacity: "0.75" },
  ".cm-completionInfo": { maxWidth: "24rem", padding: "0.5rem 0.75rem", fontFamily: "var(--font)" },
  ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "600" },
  ".cm-diagnostic": { fontFamily: "var(--font)", padding: "0.375rem 0.75rem", maxWidth: "36rem" },
  ".cm-diagnostic-error": { borderLeft: "3px solid var(--bad)" },
  ".cm-diagnostic-warning": { borderLeft: "3px solid var(--warn)" },
  ".cm-lintRange-error": {
    backgroundImage: "none",
    textDecoration: "underline wavy var(--bad) 1px",
    textUnderlineOffset: "3px",
  },
  ".cm-lintRange-warning": {
    backgroundImage: "none",
    textDecoration: "underline wavy var(--warn) 1px",
    textUnderlineOffset: "3px",
  },
  ".cm-specialChar": { color: "var(--bad)", backgroundColor: "var(--bad-soft)" },
  "&.cm-merge-b .cm-changedLine, .cm-inlineChangedLine": { backgroundColor: "var(--good-soft)" },
  "&.cm-merge-b .cm-changedText": { background: "none", fontWeight: "600", color: "var(--good)" },
  ".cm-deletedChunk": { backgroundColor: "var(--bad-soft)", paddingLeft: "0.375rem" },
  ".cm-deletedChunk .cm-deletedText, .cm-deletedText": {
    background: "none",
    color: "var(--bad)",
  },
  "&.cm-merge-b .cm-changedLineGutter": { background: "var(--good)" },
  "&.cm-merge-b .cm-deletedLineGutter, .cm-deletedLineGutter": { background: "var(--bad)" },
  ".cm-revert": {
    border: "1px solid var(--line)",
    borderRadius: "var(--radius-s)",
    background: "var(--raised)",
    color: "var(--text)",
    font: "inherit",
    fontFamily: "var(--font)",
    fontSize: "0.75rem",
    cursor: "pointer",
  },
});

const highlight = HighlightStyle.define([
  { tag: tags.propertyName, color: "var(--accent)" },
  { tag: tags.string, color: "var(--good)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--warn)" },
  { tag: [tags.separator, tags.brace, tags.squareBracket], color: "var(--text-soft)" },
]);

/** How the policy's text looks. */
export const LOOK: Extension = [look, syntaxHighlighting(highlight)];
