import * as v from "valibot";

import { nearest } from "./nearest.ts";

/** Parts a message into what is wrong and how to mend it; a character no policy text can hold unescaped. */
const FIX_MARK = "\u001F";

/** A valibot message that says what a field must be and what to write. */
export function expected(must: string, fix: string) {
  return (issue: { readonly received: string }): string =>
    `must ${must}, not ${shorten(issue.received)}${FIX_MARK}${fix}`;
}

/** A valibot message for a rule that has no received value to show. */
export function message(problem: string, fix: string): string {
  return problem + FIX_MARK + fix;
}

/** Takes a message made by {@link expected} or {@link message} apart again. */
export function splitMessage(combined: string): { message: string; fix: string } {
  // The last one: a value that is shown may hold the mark too.
  const mark = combined.lastIndexOf(FIX_MARK);
  return mark === -1
    ? { message: combined, fix: "see the policy reference" }
    : { message: combined.slice(0, mark), fix: combined.slice(mark + 1) };
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** The schema for all but lists, which valibot takes for objects: a list gets the message. */
function noList<const TSchema extends v.GenericSchema>(
  schema: TSchema,
  mustBe: ReturnType<typeof expected>,
) {
  const refused = v.custom<never>(() => false, mustBe);
  return v.lazy((input) => (Array.isArray(input) ? refused : schema));
}

/** An object whose keys the writer chooses. */
export function record<
  const TKey extends v.BaseSchema<string, string | number | symbol, v.BaseIssue<unknown>>,
  const TValue extends v.GenericSchema,
>(key: TKey, value: TValue, mustBe: ReturnType<typeof expected>) {
  return noList(v.record(key, value, mustBe), mustBe);
}

/**
 * An object with just these fields. Unlike valibot's `strictObject` it reports every unknown field
 * rather than the first, each with the nearest known name, and beside issues of shape.
 */
export function strictObject<const TEntries extends v.ObjectEntries>(
  entries: TEntries,
  what: string,
): v.GenericSchema<
  v.InferInput<v.ObjectSchema<TEntries, undefined>>,
  v.InferOutput<v.ObjectSchema<TEntries, undefined>>
> {
  const known = Object.keys(entries);
  const mustBeObject = expected(`be an object (${what})`, `write {"${known[0] ?? ""}": …}`);
  const schema = v.pipe(
    v.looseObject(entries, (issue) =>
      issue.path
        ? message(`is missing from this ${what}`, `add ${issue.expected ?? "it"}`)
        : mustBeObject(issue),
    ),
    v.rawCheck(({ dataset, addIssue }) => {
      const input: unknown = dataset.value;
      if (input === null || typeof input !== "object") return;
      for (const [key, value] of Object.entries(input)) {
        if (known.includes(key)) continue;
        const near = nearest(key, known);
        addIssue({
          input: value,
          path: [{ type: "object", origin: "key", input: { ...input }, key, value }],
          message: message(
            `"${shorten(key)}" is not a field of this ${what}`,
            near === undefined
              ? `remove it; known here: ${known.join(", ")}`
              : `did you mean "${near}"? If not, remove it`,
          ),
        });
      }
    }),
  );
  return noList(schema, mustBeObject);
}
