/** A text that was not saved yet, and the version that it was made from. */
export interface Draft {
  readonly text: string;
  readonly version: number | undefined;
  /** The text of that version. */
  readonly base: string;
  /** When it was last changed (ms since the epoch). */
  readonly at: number;
}

const nameOf = (key: string): string => `draft ${key}`;

const isDraft = (value: unknown): value is Draft =>
  typeof value === "object" &&
  value !== null &&
  "text" in value &&
  typeof value.text === "string" &&
  "base" in value &&
  typeof value.base === "string" &&
  "at" in value &&
  typeof value.at === "number";

/** Keeps a text for as long as the browser's tab: through a wrong click, the way back, a session that ended. */
export function keepDraft(key: string, draft: Draft | undefined): void {
  try {
    if (draft === undefined) sessionStorage.removeItem(nameOf(key));
    else sessionStorage.setItem(nameOf(key), JSON.stringify(draft));
  } catch {
    // There is no room for it, or none is given: leaving still asks.
  }
}

/** The text that was kept of a route. */
export function draftOf(key: string): Draft | undefined {
  try {
    const draft: unknown = JSON.parse(sessionStorage.getItem(nameOf(key)) ?? "null");
    return isDraft(draft) ? draft : undefined;
  } catch {
    return undefined;
  }
}
