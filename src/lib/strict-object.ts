import * as v from "valibot";

import { join, MAX_ISSUES, type Issue } from "./issue.ts";
import { nearest } from "./nearest.ts";
import { isReservedName } from "./reserved-names.ts";
import { shorten } from "./shorten.ts";
import { FIX_MARK, message, splitMessage, textOf, type Text } from "./words.ts";

export { message, splitMessage, words } from "./words.ts";

/** Characters of a refused value that a message repeats. */
const MAX_RECEIVED_CHARS = 60;

/** As in words.ts. */
declare const WITHOUT_WORDS: true | undefined;

/** A valibot message: a text, a function that makes it, or none where valibot's own is enough. */
export type Words = string | ((issue: { readonly received: string }) => string) | undefined;

/** A valibot message that says what a field must be and what to write. */
export function expected(must: Text, fix: Text): Words {
  if (typeof WITHOUT_WORDS !== "undefined") return undefined;
  const before = `must ${textOf(must)}, not `;
  const after = FIX_MARK + textOf(fix);
  return ({ received }) => before + shorten(received, MAX_RECEIVED_CHARS) + after;
}

/** What valibot found wrong, as issues with a JSON path. */
export function issuesOf(found: readonly v.BaseIssue<unknown>[]): Issue[] {
  return found.map((issue) => {
    let path = "$";
    for (const { key } of issue.path ?? []) {
      if (typeof key === "string" || typeof key === "number") path = join(path, key);
    }
    return { path, ...splitMessage(issue.message) };
  });
}

/**
 * The same collection, which looks no further once {@link MAX_ISSUES} are found in it: valibot asks
 * `abortEarly` after each part that is wrong, and takes it for a constant.
 */
function stopping<TSchema extends v.GenericSchema>(schema: TSchema): TSchema {
  const run: TSchema["~run"] = (dataset, config) => {
    const found: { readonly issues?: readonly unknown[] | undefined } = dataset;
    return schema["~run"](dataset, {
      lang: config.lang,
      message: config.message,
      abortPipeEarly: config.abortPipeEarly,
      get abortEarly() {
        return config.abortEarly === true || (found.issues?.length ?? 0) >= MAX_ISSUES;
      },
    });
  };
  return { ...schema, "~run": run };
}

/** The schema for all but lists, which valibot takes for objects: a list gets the message. */
function noList<const TSchema extends v.GenericSchema>(schema: TSchema, mustBe: Words) {
  const refused = v.custom<never>(() => false, mustBe);
  return v.lazy((input) => (Array.isArray(input) ? refused : schema));
}

/** What is wrong with one name of an object, whatever stands under it. */
const nameIssue = (key: string, value: unknown, told: string | undefined): v.ObjectIssue => ({
  kind: "schema",
  type: "object",
  input: value,
  expected: "Object",
  received: `"${key}"`,
  message: told ?? `"${shorten(key, MAX_RECEIVED_CHARS)}" is not a name for this place`,
  // Of the way there only the key is read: a copy of the object for each would be work without bound.
  path: [{ type: "object", origin: "key", input: {}, key, value }],
});

/** A schema for objects that refuses the names which valibot's own passes over in silence. */
function withoutReserved<TSchema extends v.GenericSchema>(schema: TSchema): TSchema {
  const run: TSchema["~run"] = (dataset, config) => {
    const input = dataset.value;
    const checked = schema["~run"](dataset, config);
    if (typeof input !== "object" || input === null) return checked;
    const reserved = Object.keys(input)
      .filter(isReservedName)
      .map((key) =>
        nameIssue(
          key,
          Reflect.get(input, key),
          message(() => `"${key}" is a reserved name`, "remove it, or choose another name"),
        ),
      );
    const [first, ...others] = [...reserved, ...(checked.issues ?? [])];
    return first === undefined ? checked : { ...checked, issues: [first, ...others] };
  };
  return { ...schema, "~run": run };
}

/**
 * An object whose keys the writer chooses, but for the names that JavaScript gives every object.
 * Looks no further once {@link MAX_ISSUES} are found in it.
 */
export function record<
  const TKey extends v.BaseSchema<string, string | number | symbol, v.BaseIssue<unknown>>,
  const TValue extends v.GenericSchema,
>(key: TKey, value: TValue, mustBe: Words) {
  return noList(withoutReserved(stopping(v.record(key, value, mustBe))), mustBe);
}

/** A list. Looks no further once {@link MAX_ISSUES} are found in it. */
export function list<const TItem extends v.GenericSchema>(item: TItem, mustBe: Words) {
  return stopping(v.array(item, mustBe));
}

/**
 * An object with just these fields. Unlike valibot's `strictObject` it reports unknown fields
 * beside issues of shape, each with the nearest known name; of all together {@link MAX_ISSUES}.
 */
export function strictObject<const TEntries extends v.ObjectEntries>(
  entries: TEntries,
  what: string | undefined,
): v.GenericSchema<
  v.InferInput<v.ObjectSchema<TEntries, undefined>>,
  v.InferOutput<v.ObjectSchema<TEntries, undefined>>
> {
  const known = Object.keys(entries);
  const isKnown = new Set(known);
  const mustBeObject = expected(
    () => `be an object (${what})`,
    () => `write {"${known[0] ?? ""}": …}`,
  );
  const messageOf = (issue: v.BaseIssue<unknown>): string =>
    issue.path
      ? (message(
          () => `is missing from this ${what}`,
          () => `add ${issue.expected ?? "it"}`,
        ) ?? issue.message)
      : typeof mustBeObject === "function"
        ? mustBeObject(issue)
        : issue.message;
  const unknownField = (key: string, value: unknown): v.ObjectIssue => {
    const near = nearest(key, known);
    return nameIssue(
      key,
      value,
      message(
        () => `"${shorten(key, MAX_RECEIVED_CHARS)}" is not a field of this ${what}`,
        () =>
          near === undefined
            ? `remove it; known here: ${known.join(", ")}`
            : `did you mean "${near}"? If not, remove it`,
      ),
    );
  };
  // It passes unknown fields over, where valibot's strict one stops at the first and its loose one copies them all.
  const fields = stopping(v.object(entries, messageOf));
  const run: (typeof fields)["~run"] = (dataset, config) => {
    const input = dataset.value;
    const checked = fields["~run"](dataset, config);
    if (typeof input !== "object" || input === null) return checked;
    const issues = [...(checked.issues ?? [])];
    for (const key of Object.keys(input)) {
      if (issues.length >= MAX_ISSUES) break;
      if (!isKnown.has(key)) issues.push(unknownField(key, Reflect.get(input, key)));
    }
    const [first, ...others] = issues;
    return first === undefined ? checked : { ...checked, issues: [first, ...others] };
  };
  // Of that kind for whoever makes documents of schemas: no other name is let in.
  return noList({ ...fields, type: "strict_object", "~run": run }, mustBeObject);
}
