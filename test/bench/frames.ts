/** Called with each whole message: its head without the blank line, and its body. */
export type OnMessage = (head: string, body: string) => void;

const LENGTH = /\r\ncontent-length:[ \t]*(\d+)/i;
const CHUNKED = /\r\ntransfer-encoding:[ \t]*chunked/i;

/** The body of a chunked message that begins at `from`, and where it ends; `undefined` while it is not all there. */
function dechunk(text: string, from: number): { body: string; end: number } | undefined {
  let body = "";
  let at = from;
  for (;;) {
    const line = text.indexOf("\r\n", at);
    if (line === -1) return undefined;
    const size = Number.parseInt(text.slice(at, line), 16);
    const next = line + 2 + size + 2;
    if (text.length < next) return undefined;
    if (size === 0) return { body, end: next };
    body += text.slice(line + 2, line + 2 + size);
    at = next;
  }
}

/**
 * Cuts one connection's bytes into HTTP/1.1 messages, just well enough for the bench's own traffic: bodies by
 * `Content-Length` or chunked, nothing else. The bench's own peers must cost next to nothing, and node:http does not.
 */
export function frames(onMessage: OnMessage): (chunk: Buffer) => void {
  let text = "";
  return (chunk) => {
    text += chunk.toString("latin1");
    for (;;) {
      const blank = text.indexOf("\r\n\r\n");
      if (blank === -1) return;
      const head = text.slice(0, blank);
      const start = blank + 4;
      const length = Number(LENGTH.exec(head)?.[1] ?? 0);
      const whole = CHUNKED.test(head)
        ? dechunk(text, start)
        : text.length >= start + length
          ? { body: text.slice(start, start + length), end: start + length }
          : undefined;
      if (whole === undefined) return;
      text = text.slice(whole.end);
      onMessage(head, whole.body);
    }
  };
}
