/** Characters of an answer in which its code is looked for: it stands near the beginning. */
const SEARCHED_CHARS = 4096;

/** The code in the text of an answer that the edge has made, as text (`error code: 1016`) or as a page; `undefined` where there is none. */
export function edgeCodeIn(text: string): number | undefined {
  const [, code] =
    /(?:error code:? ?|cf-error-code">|Error )(1\d{3})\b/i.exec(text.slice(0, SEARCHED_CHARS)) ??
    [];
  return code === undefined ? undefined : Number(code);
}
