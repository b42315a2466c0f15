import { Refused } from "../../../api/client/refused.ts";
import type { previewRoute } from "../../../api/client/reads.ts";

export type Preview = Awaited<ReturnType<typeof previewRoute>>;

/** What a person may say yes to, so that an edit goes ahead all the same. */
export interface Leave {
  readonly allowReshuffle: boolean;
  readonly override: boolean;
}

export const NO_LEAVE: Leave = { allowReshuffle: false, override: false };

/** Which leave a refusal asks for, and its words; `undefined` where none helps. */
export function leaveFor(
  error: unknown,
): { readonly name: keyof Leave; readonly words: string } | undefined {
  if (!(error instanceof Refused)) return undefined;
  switch (error.code) {
    case "reshuffle":
      return { name: "allowReshuffle", words: "Draw visitors anew all the same" };
    case "drift":
      return { name: "override", words: "Replace what was put into KV by hand" };
    case "taken-back":
    case "guard-acted":
      return { name: "override", words: "Go ahead over that" };
    default:
      return undefined;
  }
}

/** Whether nobody stays where they are: whoever does that says so by the route's name. */
export const movesEverybody = ({ moved }: Pick<Preview, "moved">): boolean => moved >= 1;
