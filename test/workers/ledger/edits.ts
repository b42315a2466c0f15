import type { Change, Edit } from "../../../src/ledger/edit-types.ts";
import type { Look } from "../../../src/ledger/look.ts";

/** How a test's edits are judged. */
export const RULES = { allowPrivateOrigins: false, propagationMs: 160_000 };

/** KV has nothing that somebody else wrote. */
export const CALM: Look = { drift: undefined, inTime: true };

/** An edit made from a version, or of a route that must be new. */
export function edit(
  key: string,
  from: number | "new" | "any",
  change: Change,
  more: Partial<Edit> = {},
): Edit {
  return {
    key,
    change,
    expects:
      typeof from === "number"
        ? { want: "some", versions: [from] }
        : { want: from === "new" ? "none" : "any" },
    author: "ann",
    note: "",
    detail: "",
    allowReshuffle: false,
    override: false,
    now: 1_800_000_000_000,
    idempotency: undefined,
    ...more,
  };
}

/** Puts a policy that stands as text. */
export function put(
  key: string,
  from: number | "new" | "any",
  text: string,
  more: Partial<Edit> = {},
): Edit {
  const policy: unknown = JSON.parse(text);
  return edit(key, from, { kind: "put", policy, apply: false }, more);
}
