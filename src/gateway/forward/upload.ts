import type { Platform } from "../platform.ts";
import { piecesOf, type Pieces } from "./pieces.ts";

/** A client that sends nothing more for so long (ms) has gone: Cloudflare's own edge waits no longer for a byte. */
export const MAX_CLIENT_IDLE_MS = 100_000;

/**
 * A request's body on its way to an origin, piece by piece, so that it is known for whom it waits:
 * the time that a client takes to upload is not the origin's, and an upload that the client breaks
 * off is not its failure.
 */
export class Upload {
  /** What the origin is sent. */
  readonly stream: ReadableStream;
  /** Whether the client went away in the middle. */
  brokenOff = false;
  readonly #now: () => number;
  readonly #onBroken: () => void;
  #waited = 0;
  #waitingSince: number | undefined;

  /**
   * `length` are the bytes that the client has announced, where it has. `onBroken` must end the try: what is sent of a
   * body that broke before the try began would otherwise look whole.
   */
  constructor(
    body: ReadableStream<Uint8Array>,
    length: number | undefined,
    platform: Platform,
    onBroken: () => void,
  ) {
    this.#onBroken = onBroken;
    this.#now = platform.now;
    const { readable, writable } = platform.pipe(length);
    this.stream = readable;
    void this.#pump(piecesOf(body, length), writable.getWriter());
  }

  /** For how long the client has been waited for until now (ms). */
  clientMs(): number {
    return this.#waited + this.idleMs();
  }

  /** For how long it is being waited for right now (ms); 0 where it is not. */
  idleMs(): number {
    return this.#waitingSince === undefined ? 0 : this.#now() - this.#waitingSince;
  }

  async #pump(pieces: Pieces, writer: WritableStreamDefaultWriter<Uint8Array>): Promise<void> {
    for (;;) {
      const piece = await this.#read(pieces);
      if (this.brokenOff) {
        // The origin must not take half a body for a whole one.
        this.#onBroken();
        await writer.abort(new Error("the client broke the upload off")).catch(() => undefined);
        return;
      }
      try {
        if (piece === undefined) return await writer.close();
        await writer.write(piece);
      } catch {
        // The origin wants no more: it has answered, or it is gone.
        return await pieces.cancel();
      }
    }
  }

  /** The next piece; nothing at the end, or where the client went away. */
  async #read(pieces: Pieces): Promise<Uint8Array | undefined> {
    this.#waitingSince = this.#now();
    try {
      return await pieces.next();
    } catch {
      this.brokenOff = true;
      return undefined;
    } finally {
      this.#waited += this.idleMs();
      this.#waitingSince = undefined;
    }
  }
}
