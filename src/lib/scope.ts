/** Whether a text fits a pattern in which `*` stands for any characters, none included. */
export function fits(pattern: string, text: string): boolean {
  const [first = "", ...rest] = pattern.split("*");
  const last = rest.pop();
  if (last === undefined) return pattern === text;
  if (!text.startsWith(first) || !text.endsWith(last)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return at <= text.length - last.length;
}

/**
 * Whether a scope's pattern covers a route key. A pattern is about one kind of key: with a dot in
 * it about hosts, without one about tenants. `*` alone is about all of them, and it alone covers
 * the key `*`, which serves whatever nobody else does.
 */
export function covers(pattern: string, key: string): boolean {
  if (pattern === "*") return true;
  if (key === "*" || pattern.includes(".") !== key.includes(".")) return false;
  return fits(pattern, key);
}
