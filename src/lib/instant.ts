const FORM =
  /^(\d{4}-(?:0[1-9]|1[0-2])-(\d{2}))T(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/**
 * Milliseconds since the epoch of an RFC 3339 time with a zone, or `undefined` where the text is
 * none or names a day that does not exist.
 */
export function instant(text: string): number | undefined {
  const [, date = "", day] = FORM.exec(text) ?? [];
  // A day that does not exist is refused, or read as one of the next month.
  // oxlint-disable-next-line no-restricted-globals -- of a whole day, a pure function of its text
  if (new Date(date).getUTCDate() !== Number(day)) return undefined;
  // oxlint-disable-next-line no-restricted-globals -- with a zone in the text, Date.parse is a pure function of it
  return Date.parse(text);
}
