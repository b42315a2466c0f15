/** Pieces of a body are read this large at most (bytes): workerd hands out 4 KiB at a time otherwise, and each costs a turn of JavaScript. */
export const MAX_PIECE_BYTES = 65_536;

/** A body, read piece by piece. */
export interface Pieces {
  /** The next piece, good until the next is asked for; nothing at the end. Rejects where the body breaks. */
  next(): Promise<Uint8Array | undefined>;
  /** Says that nobody reads on. Never rejects. */
  cancel(): Promise<void>;
}

type AnyReader = ReadableStreamDefaultReader<Uint8Array> | Pick<ReadableStreamBYOBReader, "cancel">;

const cancelled = async (reader: AnyReader): Promise<void> =>
  reader.cancel().then(
    () => undefined,
    () => undefined,
  );

/** Any stream, in the pieces that it is made of. */
function asItComes(body: ReadableStream<Uint8Array>): Pieces {
  const reader = body.getReader();
  return { next: async () => (await reader.read()).value, cancel: () => cancelled(reader) };
}

/** A stream of bytes, into one buffer that is used again and again. */
function intoBuffer(reader: ReadableStreamBYOBReader, size: number): Pieces {
  let buffer = new ArrayBuffer(size);
  return {
    async next() {
      const { done, value } = await reader.read(new Uint8Array(buffer));
      if (done || value === undefined) return undefined;
      buffer = value.buffer;
      return value;
    },
    cancel: () => cancelled(reader),
  };
}

/** Reads a body in pieces as large as the stream allows; `length` are the bytes that are expected, where that is known. */
export function piecesOf(body: ReadableStream<Uint8Array>, length: number | undefined): Pieces {
  let reader: ReadableStreamBYOBReader;
  try {
    reader = body.getReader({ mode: "byob" });
  } catch {
    // Not a stream of bytes: one that JavaScript made.
    return asItComes(body);
  }
  return intoBuffer(reader, Math.max(1, Math.min(length ?? MAX_PIECE_BYTES, MAX_PIECE_BYTES)));
}
