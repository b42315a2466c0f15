import { jsonLanguage } from "@codemirror/lang-json";

import type { Tree } from "./tree.ts";

/** Text is read for so long at a time (ms): a frame has 16, and the rest is the page's. */
const SLICE_MS = 8;

/** Lets what waits have its turn: keys, and the next frame. */
const aMoment = async (): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, 0);
  });

/** The tree of a whole text, read in slices; `undefined` where it is no longer wanted. */
export async function wholeTree(text: string, signal: AbortSignal): Promise<Tree | undefined> {
  const parse = jsonLanguage.parser.startParse(text);
  let until = performance.now() + SLICE_MS;
  for (;;) {
    const tree = parse.advance();
    if (tree !== null) return tree;
    if (performance.now() < until) continue;
    await aMoment();
    if (signal.aborted) return undefined;
    until = performance.now() + SLICE_MS;
  }
}
