/** Characters of Accept-Language that are looked at: browsers send a few dozen. */
export const MAX_LANGUAGE_CHARS = 1024;

const RANGE =
  /^\s*([A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*)\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*)?$/;

/**
 * The languages that an Accept-Language field names with a weight above 0, in lower case, and for
 * each the wider ones it lies in (RFC 4647 §3.3.1): `de-AT` gives `de-at` and `de`. `*` is none.
 */
export function languagesOf(field: string | undefined): readonly string[] {
  if (last.field !== field) last = { field, languages: read(field ?? "") };
  return last.languages;
}

/** The last field that was looked at: all rules that one request meets ask for the same one. */
let last: { readonly field: string | undefined; readonly languages: readonly string[] } = {
  field: undefined,
  languages: [],
};

function read(field: string): string[] {
  const found = new Set<string>();
  for (const range of field.slice(0, MAX_LANGUAGE_CHARS).split(",")) {
    const [, tag, weight = "1"] = RANGE.exec(range) ?? [];
    if (tag === undefined || Number(weight) === 0) continue;
    const parts = tag.toLowerCase().split("-");
    for (let length = parts.length; length > 0; length -= 1)
      found.add(parts.slice(0, length).join("-"));
  }
  return [...found];
}
