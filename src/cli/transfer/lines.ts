import { Failure } from "../failure.ts";

/** A longer line is not a route: the API takes a policy of 1 MiB. */
const MAX_LINE_BYTES = 4_194_304;

const LINE_FEED = 0x0a;

/** One line of a file, with its place in bytes. */
export interface Line {
  readonly text: string;
  /** From 1, counted from where reading began. */
  readonly number: number;
  /** Where it begins, and where the next one does. */
  readonly from: number;
  readonly to: number;
}

/**
 * Splits a stream of bytes into lines, holding one line at a time. `offset` is where the stream
 * begins in its file. Empty lines are left out. Throws a failure for a line too long to be a route.
 */
export async function* linesOf(
  chunks: AsyncIterable<Uint8Array | string>,
  offset: number,
): AsyncGenerator<Line> {
  let from = offset;
  let number = 0;
  let rest: Buffer = Buffer.alloc(0);
  const line = (bytes: Buffer, end: number): Line => {
    number += 1;
    const made = { text: bytes.toString("utf8").trim(), number, from, to: end };
    from = end;
    return made;
  };
  for await (const chunk of chunks) {
    rest = Buffer.concat([rest, Buffer.from(chunk)]);
    let begin = 0;
    for (let at = rest.indexOf(LINE_FEED); at !== -1; at = rest.indexOf(LINE_FEED, begin)) {
      const one = line(rest.subarray(begin, at), from + at + 1 - begin);
      if (one.text !== "") yield one;
      begin = at + 1;
    }
    rest = rest.subarray(begin);
    if (rest.length > MAX_LINE_BYTES)
      throw new Failure(
        `line ${number + 1} is longer than any route`,
        "is this a file that sy export made?",
      );
  }
  const last = line(rest, from + rest.length);
  if (last.text !== "") yield last;
}
