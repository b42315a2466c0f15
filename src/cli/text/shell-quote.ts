/** Characters that mean nothing to a shell. */
const PLAIN = /^[A-Za-z0-9_./][A-Za-z0-9_./-]*$/;

/** Text as one word of a POSIX shell, whatever stands in it. */
export const shellQuoted = (text: string): string =>
  PLAIN.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
