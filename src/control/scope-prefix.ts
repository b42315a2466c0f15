/** What both texts begin with. */
function common(one: string, other: string): string {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length += 1;
  return one.slice(0, length);
}

/**
 * What all keys begin with that a prefix and a scope leave, so that nobody looks at others;
 * `undefined` where they leave none. Keys that begin so need not be in the scope.
 */
export function narrowed(prefix: string, scope: readonly string[]): string | undefined {
  const heads = scope
    .map((pattern) => pattern.split("*", 1)[0] ?? "")
    .filter((head) => head.startsWith(prefix) || prefix.startsWith(head));
  const [first, ...others] = heads;
  if (first === undefined) return undefined;
  const head = others.reduce(common, first);
  return head.length > prefix.length ? head : prefix;
}
