import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MAX_PIECE_BYTES, piecesOf } from "../../../../src/gateway/forward/pieces.ts";

/** A body in these chunks; of bytes, or as JavaScript makes one. */
function bodyOf(chunks: readonly Uint8Array[], isBytes: boolean): ReadableStream<Uint8Array> {
  const left = [...chunks];
  const pull = (controller: ReadableByteStreamController | ReadableStreamDefaultController) => {
    const chunk = left.shift();
    if (chunk !== undefined) return controller.enqueue(chunk.slice());
    controller.close();
    if ("byobRequest" in controller) controller.byobRequest?.respond(0);
  };
  return isBytes ? new ReadableStream({ type: "bytes", pull }) : new ReadableStream({ pull });
}

async function readAll(body: ReadableStream<Uint8Array>, length: number | undefined) {
  const pieces = piecesOf(body, length);
  const read: Buffer[] = [];
  for (let piece = await pieces.next(); piece !== undefined; piece = await pieces.next())
    read.push(Buffer.from(piece));
  return read;
}

describe.each([
  ["of bytes", true],
  ["that JavaScript made", false],
])("a body %s", (_, isBytes) => {
  test("arrives whole and in order, in whatever chunks it came", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { maxLength: 20 }),
        fc.boolean(),
        async (chunks, isAnnounced) => {
          const whole = Buffer.concat(chunks);
          const length = isAnnounced ? whole.length : undefined;
          const read = await readAll(bodyOf(chunks, isBytes), length);
          expect(Buffer.concat(read).equals(whole)).toBe(true);
        },
      ),
    );
  });

  test("that breaks rejects", async () => {
    const start = (controller: ReadableByteStreamController | ReadableStreamDefaultController) =>
      controller.error(new Error("gone"));
    const body: ReadableStream<Uint8Array> = isBytes
      ? new ReadableStream({ type: "bytes", start })
      : new ReadableStream({ start });
    const pieces = piecesOf(body, 10);
    await expect(pieces.next()).rejects.toThrow("gone");
    await expect(pieces.cancel()).resolves.toBeUndefined();
  });
});

test.each([
  [MAX_PIECE_BYTES, [MAX_PIECE_BYTES]],
  [MAX_PIECE_BYTES + 1, [MAX_PIECE_BYTES, 1]],
])("%i bytes come in pieces of %j", async (size, expected) => {
  const read = await readAll(bodyOf([new Uint8Array(size)], true), size);
  expect(read.map(({ length }) => length)).toEqual(expected);
});
