import type { Accepted, Edit } from "./edit-types.ts";

/** Characters of one value in the audit log: enough to know it again. */
export const MAX_DETAIL_CHARS = 1000;

/** For the audit log: what was asked, and which value in KV it replaced. */
export function detailOf({ detail, override }: Edit, { replaced }: Accepted): string {
  const said = detail.slice(0, MAX_DETAIL_CHARS);
  if (replaced === undefined)
    return override ? [said, "override"].filter(Boolean).join("; ") : said;
  const what = replaced.text === null ? "nothing in KV" : `in KV: ${replaced.text}`;
  return [said, `replaced ${what}`].filter(Boolean).join("; ");
}
