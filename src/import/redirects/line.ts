import { Place } from "../place.ts";
import { ObjectReports } from "../report.ts";

/** One rule of a `_redirects` file, taken apart. */
export interface Line {
  readonly reports: ObjectReports;
  readonly from: Place;
  readonly to: Place;
  readonly status: number | undefined;
  readonly statusPlace: Place;
  /** Whether it holds where the site has a file of that path, too. */
  readonly isForced: boolean;
  /** Names and values that the query must have. */
  readonly query: readonly (readonly [name: string, value: string, place: Place])[];
  readonly conditions: readonly (readonly [
    name: string,
    values: readonly string[],
    place: Place,
  ])[];
}

/** A path or a whole URL. */
const TARGET = /^(?:\/|https?:\/\/)/;

const STATUS = /^(\d{3})(!?)$/;

const PAIR = /^([^=]+)=(.*)$/;

function readPairs(words: readonly string[], reports: ObjectReports) {
  const query: (readonly [string, string, Place])[] = [];
  for (const word of words) {
    const [, name = "", value = ""] = PAIR.exec(word) ?? [];
    const place = new Place(value, name === "" ? word : name, reports);
    if (name === "") place.error("is neither a query parameter nor a target");
    else if (query.some(([other]) => other === name)) place.error("stands there twice");
    else query.push([name, value, place]);
  }
  return query;
}

/** Reads the words of one line. */
function lineOf(words: readonly string[], reports: ObjectReports): Line | undefined {
  const [from = "", ...rest] = words;
  const at = rest.findIndex((word) => TARGET.test(word));
  const source = new Place(from, "from", reports);
  if (!TARGET.test(from)) return source.error("must be a path, or a URL with its host");
  if (at === -1) return new Place(undefined, "to", reports).error("is missing: where to?");
  const after = rest.slice(at + 1);
  const [, digits, force] = STATUS.exec(after[0] ?? "") ?? [];
  const words2 = digits === undefined ? after : after.slice(1);
  return {
    reports,
    from: source,
    to: new Place(rest[at], "to", reports),
    status: digits === undefined ? undefined : Number(digits),
    statusPlace: new Place(digits, "status", reports),
    isForced: force === "!",
    query: readPairs(rest.slice(0, at), reports),
    conditions: readPairs(words2, reports).map(([name, value, place]) => [
      name,
      value.split(",").filter((one) => one !== ""),
      place,
    ]),
  };
}

/** The rules of a file in their order, and what is told of each line. */
export function linesOf(
  text: string,
  document: number,
): { readonly lines: readonly Line[]; readonly reports: readonly ObjectReports[] } {
  const lines: Line[] = [];
  const all: ObjectReports[] = [];
  for (const [index, raw] of text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .entries()) {
    const words = raw
      .replace(/(?:^|\s)#.*$/, "")
      .split(/\s+/)
      .filter((word) => word !== "");
    if (words.length === 0) continue;
    const reports = new ObjectReports(`_redirects line ${index + 1}`, document, `$[${index}]`);
    all.push(reports);
    const line = lineOf(words, reports);
    if (line !== undefined) lines.push(line);
  }
  return { lines, reports: all };
}
