/** Edits beyond this make two names different words rather than a typing error. */
const MAX_EDITS = 3;

/** Characters of a name that may be a typing error: a longer word is not, and the table grows with its length. */
const MAX_TYPED_CHARS = 40;

/** Characters of a known name that is compared: no name of ours or of a valid policy is longer. */
const MAX_KNOWN_CHARS = 64;

/** Known names that are compared: more than any valid policy has, and all that a hint is worth. */
const MAX_COMPARED = 100;

/** Set in the gateway's build, which tells nobody what to write: src/lib/words.ts. */
declare const WITHOUT_WORDS: true | undefined;

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
 * `undefined` where none is near. A name that begins the other counts as near. The work is bounded,
 * whatever it is given: of many names the first hundred are compared, and long ones are passed over.
 */
export function nearest(name: string, known: readonly string[]): string | undefined {
  if (typeof WITHOUT_WORDS !== "undefined" || name.length > MAX_TYPED_CHARS) return undefined;
  const wanted = name.toLowerCase();
  let best: string | undefined;
  let least = MAX_EDITS + 1;
  for (const candidate of known.slice(0, MAX_COMPARED)) {
    if (candidate.length > MAX_KNOWN_CHARS) continue;
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
