import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseAllDocuments,
  parseDocument,
  type Document,
  type Pair,
  type YAMLMap,
} from "yaml";

import { MAX_ISSUES, type Issue } from "../../lib/issue.ts";
import { shorten } from "../../lib/shorten.ts";
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

/** Names that stand twice are found by a search of our own, in linear time. */
const PARSING = { prettyErrors: false, logLevel: "error", uniqueKeys: false } as const;

/** Characters of what the parser says of an error. */
const MAX_YAML_CHARS = 500;

const STEP = /\.([A-Za-z_$][\w$]*)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]/g;

function stepsOf(path: string): string[] {
  return [...path.matchAll(STEP)].map(([, name, index, quoted]) =>
    quoted === undefined ? (name ?? index ?? "") : String(JSON.parse(quoted)),
  );
}

/** The pairs of each map by name, long names as paths show them: made once, so that many issues in one large map cost no more than one. */
function indexed() {
  const known = new WeakMap<YAMLMap, ReadonlyMap<string, Pair>>();
  return (map: YAMLMap): ReadonlyMap<string, Pair> => {
    let pairs = known.get(map);
    if (pairs === undefined) {
      const named = map.items.flatMap((pair) =>
        isScalar(pair.key) ? [[shorten(String(pair.key.value)), pair] as const] : [],
      );
      // Of names that are shortened alike, the first.
      pairs = new Map(named.toReversed());
      known.set(map, pairs);
    }
    return pairs;
  };
}

/** Where names stand a second time in one map. The parser's own check compares each name with all others. */
function repeats(document: Document.Parsed): number[] {
  const offsets: number[] = [];
  const waiting: unknown[] = [document.contents];
  while (waiting.length > 0 && offsets.length < MAX_ISSUES) {
    const node = waiting.pop();
    if (isSeq(node)) for (const item of node.items) waiting.push(item);
    if (!isMap(node)) continue;
    const seen = new Set<string>();
    for (const { key, value } of node.items) {
      waiting.push(value);
      if (!isScalar(key)) continue;
      const name = String(key.value);
      if (seen.has(name)) offsets.push(key.range?.[0] ?? 0);
      seen.add(name);
    }
  }
  return offsets.toSorted((a, b) => a - b).slice(0, MAX_ISSUES);
}

function locator(document: Document.Parsed, lines: LineCounter): (path: string) => Position {
  const pairsOf = indexed();
  return (path) => {
    let node: unknown = document.contents;
    let offset = document.contents?.range?.[0] ?? 0;
    for (const step of stepsOf(path)) {
      if (isAlias(node)) node = node.resolve(document);
      if (isMap(node)) {
        const pair = pairsOf(node).get(step);
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
  try {
    return read(source, format);
  } catch (error) {
    // The parser descends by recursion.
    if (!(error instanceof RangeError)) throw error;
    return tooDeep("policies stand four deep at most");
  }
}

const tooDeep = (fix: string): Source => ({
  ok: false,
  issues: [{ line: 1, column: 1, path: "$", message: "is nested too deep to be read", fix }],
});

function read(source: string, format: "json" | "yaml"): Source {
  const text = source.replace(/^\uFEFF/, "");
  const lines = new LineCounter();
  const document = parseDocument(text, { ...PARSING, lineCounter: lines });
  const json = format === "json" ? readJson(text, document, lines) : undefined;
  if (json?.ok === false) return json;
  if (json?.ok === true) {
    const twice = repeats(document);
    return twice.length === 0 ? json : { ok: false, issues: repeated(twice, lines) };
  }
  return valueOf(document, lines);
}

const located = (lines: LineCounter, offset: number, message: string, fix: string): Located => {
  const { line, col } = lines.linePos(offset);
  return { line, column: col, path: "$", message, fix };
};

const repeated = (offsets: readonly number[], lines: LineCounter): Located[] =>
  offsets.map((offset) =>
    located(lines, offset, "this name stands twice here", "remove one of them"),
  );

/** What a YAML document holds. */
function valueOf(document: Document.Parsed, lines: LineCounter): Source {
  const errors = document.errors.slice(0, MAX_ISSUES);
  if (errors.length > 0) {
    const issues = errors.map(({ code, message, pos }) =>
      code === "MULTIPLE_DOCS"
        ? located(lines, pos[0], "begins a second document", "give each policy a file of its own")
        : located(
            lines,
            pos[0],
            `is not YAML: ${shorten(message, MAX_YAML_CHARS)}`,
            "mend it there",
          ),
    );
    return { ok: false, issues };
  }
  const twice = repeats(document);
  if (twice.length > 0) return { ok: false, issues: repeated(twice, lines) };
  try {
    return { ok: true, value: document.toJS(), locate: locator(document, lines) };
  } catch (error) {
    const offset = document.contents?.range[0] ?? 0;
    const message = `cannot be read: ${reasonOf(error)}`;
    return {
      ok: false,
      issues: [located(lines, offset, message, "write it without aliases")],
    };
  }
}

/** Reads every document of a YAML stream. JSON is YAML, too. */
export function readStream(source: string): Source[] {
  const lines = new LineCounter();
  try {
    const documents = parseAllDocuments(source.replace(/^\uFEFF/, ""), {
      ...PARSING,
      // Kubernetes reads merge keys.
      merge: true,
      lineCounter: lines,
    });
    // An empty stream is not a list of documents in the parser's eyes.
    return "empty" in documents ? [] : documents.map((one) => valueOf(one, lines));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return [tooDeep("manifests are nested less than 40 deep")];
  }
}
