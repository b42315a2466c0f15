/**
 * A function of one text that remembers what came of the last `most` texts of at most `maxChars` characters: for answers
 * that every request wants, and texts that a client may invent. Beyond that it forgets all and begins again, so that
 * invented texts fill no memory and cost the real ones microseconds.
 */
export function remembered<T extends object | string | boolean>(
  make: (text: string) => T,
  { most, maxChars }: { readonly most: number; readonly maxChars: number },
): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const made = make(text);
    if (text.length > maxChars) return made;
    if (known.size >= most) known.clear();
    known.set(text, made);
    return made;
  };
}
