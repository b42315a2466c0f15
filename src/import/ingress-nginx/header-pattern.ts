/** Whether a pattern chooses between branches outside of all groups. */
function hasBranches(pattern: string): boolean {
  let depth = 0;
  let isInClass = false;
  for (let index = 0; index < pattern.length; index += 1) {
    const character = pattern[index];
    if (character === "\\") index += 1;
    else if (isInClass) isInClass = character !== "]";
    else if (character === "[") isInClass = true;
    else if (character === "(") depth += 1;
    else if (character === ")") depth -= 1;
    else if (character === "|" && depth === 0) return true;
  }
  return false;
}

/** Whether a pattern ends in a dollar sign that stands for the end. */
function endsAtEnd(pattern: string): boolean {
  const backslashes = /(\\*)\$$/.exec(pattern)?.[1];
  return backslashes !== undefined && backslashes.length % 2 === 0;
}

/**
 * A pattern of nginx, which may fit a part of a value, as a regular expression of a policy, which
 * fits the whole: `^a$` is `a`, and `a` is `.*(?:a).*`.
 */
export function wholeValue(pattern: string): string {
  if (hasBranches(pattern)) return `.*(?:${pattern}).*`;
  const fromStart = pattern.startsWith("^");
  const toEnd = endsAtEnd(pattern);
  const inner = pattern.slice(fromStart ? 1 : 0, toEnd ? -1 : undefined);
  if (fromStart && toEnd) return inner;
  return `${fromStart ? "" : ".*"}(?:${inner})${toEnd ? "" : ".*"}`;
}
