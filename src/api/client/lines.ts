import { Failure, reasonOf } from "../../lib/failure.ts";

/** No line is longer (characters): it tells of one visitor, and names are short. */
const MAX_LINE_CHARS = 1_048_576;

/** What a reader gives at a time. */
interface Piece {
  readonly done: boolean;
  readonly value?: Uint8Array | undefined;
}

/** Whole lines as they come; throws where the text ends within one. */
async function* textLines(next: () => Promise<Piece>): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });
  let rest = "";
  for (let piece = await next(); !piece.done; piece = await next()) {
    const [first = "", ...others] = decoder.decode(piece.value, { stream: true }).split("\n");
    const lines = [rest + first, ...others];
    rest = lines.pop() ?? "";
    if (rest.length > MAX_LINE_CHARS) throw new Error("one line has no end");
    yield* lines;
  }
  if (rest !== "") throw new Error("the last line is not whole");
}

/**
 * The values of an answer that has one in each line. Whoever stops early ends the answer. Throws a
 * `Failure` where the answer breaks off: what came before it is then not all there is.
 */
export async function* parsedLines(
  body: ReadableStream<Uint8Array>,
  inTime: <T>(work: () => Promise<T>) => Promise<T>,
): AsyncGenerator<unknown, void, undefined> {
  const reader = body.getReader();
  try {
    for await (const line of textLines(async () => inTime(async () => reader.read())))
      yield JSON.parse(line);
  } catch (error) {
    throw new Failure(
      `the answer broke off before its end: ${reasonOf(error)}`,
      "ask again: what came so far is not all",
      { code: "incomplete" },
    );
  } finally {
    // Nothing to add where it had ended anyway.
    await reader.cancel().catch(() => {});
  }
}
