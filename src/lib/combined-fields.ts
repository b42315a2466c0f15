/**
 * Header fields as one object, by name in lower case; of a name that is repeated the values are
 * combined (RFC 9110 §5.3), cookies with a semicolon.
 */
export function combinedFields(
  fields: Iterable<readonly [name: string, value: string]>,
): Record<string, string> {
  const combined = new Map<string, string>();
  for (const [given, value] of fields) {
    const name = given.toLowerCase();
    const before = combined.get(name);
    const glue = name === "cookie" ? "; " : ", ";
    combined.set(name, before === undefined ? value : before + glue + value);
  }
  return Object.fromEntries(combined);
}

/** The name and the value of a line `name: value`; `undefined` where it is none. */
export function fieldIn(line: string): readonly [name: string, value: string] | undefined {
  const colon = line.indexOf(":");
  if (colon < 1) return undefined;
  return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
}
