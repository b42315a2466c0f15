import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Document } from "yaml";

import type { Issue } from "../../lib/issue.ts";
import { reasonOf } from "../failure.ts";

/** Where something stands in a file, both from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** An issue with its place in the file. */
export type Located = Issue & Position;

/** A file's value with its places, or why it has none. */
export type Source =
  | {
      readonly ok: true;
      readonly value: unknown;
      /** Where a JSON path stands; of a field, its name. The nearest place that exists, where it does not. */
      readonly locate: (path: string) => Position;
    }
  | { readonly ok: false; readonly issues: readonly Located[] };

const STEP = /\.([A-Za-z_$][\w$]*)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]/g;

function stepsOf(path: string): string[] {
  return [...path.matchAll(STEP)].map(([, name, index, quoted]) =>
    quoted === undefined ? (name ?? index ?? "") : String(JSON.parse(quoted)),
  );
}

function locator(document: Document.Parsed, lines: LineCounter): (path: string) => Position {
  return (path) => {
    let node: unknown = document.contents;
    let offset = document.contents?.range?.[0] ?? 0;
    for (const step of stepsOf(path)) {
      if (isAlias(node)) node = node.resolve(document);
      if (isMap(node)) {
        const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === step);
        if (pair === undefined) break;
        if (isScalar(pair.key)) offset = pair.key.range?.[0] ?? offset;
        node = pair.value;
      } else if (isSeq(node)) {
        const item: unknown = node.items[Number(step)];
        if (item === undefined) break;
        node = item;
        if (isScalar(item) || isMap(item) || isSeq(item) || isAlias(item))
          offset = item.range?.[0] ?? offset;
      } else break;
    }
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
}

/** Where V8's JSON parser stopped; where its message does not say it, the shortest beginning that fails alike ends there. */
function stoppedAt(text: string, message: string): number {
  const position = /at position (\d+)/.exec(message)?.[1];
  if (position !== undefined) return Number(position);
  const fails = (length: number): boolean => {
    try {
      JSON.parse(text.slice(0, length));
      return false;
    } catch (error) {
      return reasonOf(error).startsWith("Unexpected token");
    }
  };
  if (!fails(text.length)) return text.length;
  let [low, high] = [0, text.length];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (fails(middle)) high = middle;
    else low = middle;
  }
  return low;
}

function readJson(text: string, document: Document.Parsed, lines: LineCounter): Source {
  try {
    return { ok: true, value: JSON.parse(text), locate: locator(document, lines) };
  } catch (error) {
    const message = reasonOf(error);
    const before = text.slice(0, stoppedAt(text, message)).split("\n");
    const what = message.replace(/, (?:\.\.\.)?".*| in JSON at position.*| \(line \d.*/s, "");
    return {
      ok: false,
      issues: [
        {
          line: before.length,
          column: (before.at(-1)?.length ?? 0) + 1,
          path: "$",
          message: `is not JSON: ${what.charAt(0).toLowerCase()}${what.slice(1)}`,
          fix: "mend it there, or name the file .yaml if it is YAML",
        },
      ],
    };
  }
}

/** Reads JSON (strictly) or YAML 1.2. Names that stand twice in one object are found in both: `JSON.parse` keeps the last and says nothing. */
export function readDocument(source: string, format: "json" | "yaml"): Source {
  const text = source.replace(/^\uFEFF/, "");
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    logLevel: "error",
  });
  const json = format === "json" ? readJson(text, document, lines) : undefined;
  if (json?.ok === false) return json;
  const errors = document.errors.filter(
    ({ code }) => json === undefined || code === "DUPLICATE_KEY",
  );
  if (errors.length > 0) {
    const issues = errors.map(({ code, message, pos }) => {
      const { line, col } = lines.linePos(pos[0]);
      return code === "DUPLICATE_KEY"
        ? {
            line,
            column: col,
            path: "$",
            message: "this name stands twice here",
            fix: "remove one of them",
          }
        : {
            line,
            column: col,
            path: "$",
            message: `is not YAML: ${message}`,
            fix: "mend it there",
          };
    });
    return { ok: false, issues };
  }
  if (json !== undefined) return json;
  try {
    return { ok: true, value: document.toJS(), locate: locator(document, lines) };
  } catch (error) {
    const message = `cannot be read: ${reasonOf(error)}`;
    return {
      ok: false,
      issues: [{ line: 1, column: 1, path: "$", message, fix: "write it without aliases" }],
    };
  }
}
