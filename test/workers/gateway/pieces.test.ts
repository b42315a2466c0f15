import { expect, it } from "vitest";

import { MAX_PIECE_BYTES, piecesOf } from "../../../src/gateway/forward/pieces.ts";

/** What workerd hands out where nobody asks for more (bytes). */
const DEFAULT_PIECE_BYTES = 4096;

it("workerd fills large pieces: an upload costs few turns of JavaScript", async () => {
  const size = 10 * MAX_PIECE_BYTES;
  const request = new Request("https://x.example.com/", {
    method: "POST",
    body: new Uint8Array(size),
  });
  const body: ReadableStream<Uint8Array> | null = request.body;
  if (body === null) throw new Error("no body");
  const pieces = piecesOf(body, size);
  let count = 0;
  let bytes = 0;
  for (let piece = await pieces.next(); piece !== undefined; piece = await pieces.next()) {
    count += 1;
    bytes += piece.length;
  }
  expect(bytes).toBe(size);
  expect(count).toBeLessThan(size / DEFAULT_PIECE_BYTES / 2);
});
