/** Edits beyond this make two names different words rather than a typing error. */
const MAX_EDITS = 3;

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replace = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replace, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/**
 * The known name somebody most likely meant: the least Levenshtein distance, without case, or
 * `undefined` where none is near. A name that holds or begins the other counts as near.
 */
export function nearest(name: string, known: readonly string[]): string | undefined {
  // A longer word is not a typing error, and the table grows with its length.
  if (name.length > 40) return undefined;
  const wanted = name.toLowerCase();
  let best: string | undefined;
  let least = MAX_EDITS + 1;
  for (const candidate of known) {
    const lower = candidate.toLowerCase();
    const contained = wanted.length > 2 && (lower.startsWith(wanted) || wanted.startsWith(lower));
    const edits = contained ? 1 : distance(wanted, lower);
    if (edits < least && edits < Math.max(2, candidate.length)) {
      best = candidate;
      least = edits;
    }
  }
  return best;
}
