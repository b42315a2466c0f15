/** Characters of fields that a request may have: 64 KB are what the platform lets through, and some more (RFC 9110 has no bound). */
export const HEAD_CHARS = 65_536;

/** Cookies of the largest request that is read whole. */
export const COOKIES = 1000;

/** A `Cookie` field of so many cookies in so many characters, a visitor's own the last. */
export function cookieField(cookies: number, chars: number, own: string): string {
  const each = Math.floor((chars - own.length) / (cookies - 1)) - "; ".length;
  const others = Array.from({ length: cookies - 1 }, (_, index) => `c${index}=`.padEnd(each, "v"));
  return [...others, own].join("; ");
}

/** Fields of so many characters, a hundred bytes or so each. */
export function fields(chars: number): [string, string][] {
  const each = 128;
  return Array.from({ length: Math.floor(chars / each) }, (_, index) => {
    const name = `x-field-${index}`;
    return [name, "v".repeat(each - name.length)];
  });
}
