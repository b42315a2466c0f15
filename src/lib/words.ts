/** Parts a message into what is wrong and how to mend it; a character no policy text can hold unescaped. */
export const FIX_MARK = "\u001F";

/**
 * Set in wrangler.toml of the gateway, which tells nobody but its log what is wrong with a policy: its build leaves
 * out the words below, valibot's own short ones stand in their place, and `sy validate` has the rest.
 */
declare const WITHOUT_WORDS: true | undefined;

/** A text, or what makes it: where something has to be put into it, so that a build without words can leave out that too. */
export type Text = string | (() => string);

export const textOf = (text: Text): string => (typeof text === "string" ? text : text());

/** A text for people; the gateway's build has nothing in its place, and shows it to nobody. */
export function words(text: Text): string | undefined {
  if (typeof WITHOUT_WORDS !== "undefined") return undefined;
  return textOf(text);
}

/** A valibot message for a rule that has no received value to show. */
export function message(problem: Text, fix: Text): string | undefined {
  if (typeof WITHOUT_WORDS !== "undefined") return undefined;
  return textOf(problem) + FIX_MARK + textOf(fix);
}

/** Takes a message made by `expected` of strict-object.ts, or by {@link message}, apart again. */
export function splitMessage(combined: string): { message: string; fix: string } {
  // The last one: a value that is shown may hold the mark too.
  const mark = combined.lastIndexOf(FIX_MARK);
  return mark === -1
    ? { message: combined, fix: "sy validate says what to write" }
    : { message: combined.slice(0, mark), fix: combined.slice(mark + 1) };
}
