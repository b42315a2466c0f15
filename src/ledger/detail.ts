import type { Accepted, Edit } from "./edit-types.ts";

/** Characters of one value in the audit log: enough to know it again. */
export const MAX_DETAIL_CHARS = 1000;

/** Words of a policy that the audit log names: the first ones say what it is about. */
const MAX_NAMED = 5;

/** For the audit log: what was asked, which value in KV it replaced, and what of it no older gateway may know. */
export function detailOf(
  { detail, override }: Edit,
  { replaced, unheld }: Pick<Accepted, "replaced" | "unheld">,
): string {
  const parts = [detail.slice(0, MAX_DETAIL_CHARS)];
  if (replaced !== undefined)
    parts.push(`replaced ${replaced.text === null ? "nothing in KV" : `in KV: ${replaced.text}`}`);
  else if (override) parts.push("override");
  if (unheld.length > 0) {
    const named = unheld.slice(0, MAX_NAMED).map(({ path, since }) => `${path} (${since})`);
    parts.push(`whether or not every gateway knows ${named.join(", ")}`);
  }
  return parts.filter(Boolean).join("; ");
}
