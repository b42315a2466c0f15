import { dropHopByHop } from "../forward/dropped-fields.ts";
import type { Fresh } from "./freshness.ts";

const SECOND_MS = 1000;

/** What the gateway writes beside an answer. No origin's fields with such names are kept. */
const PREFIX = "x-switchyard-copy-";

/** Under which key the copy is kept, its status, when it came (ms), how old it was then, for how long it serves (s). */
const HEAD = `${PREFIX}head`;

/** Fields that mean something to the cache it is kept in, and so are put aside. */
const ASIDE =
  /^(?:age|date|etag|expires|last-modified|pragma|vary|cache-tag|surrogate-.*|(?:.+-)?cache-control)$/;

/** What no longer fits a body that was packed, once it is not (RFC 9110 §8.4, RFC 9530). */
const OF_CODING = ["content-encoding", "content-digest", "repr-digest", "digest"] as const;

/** An answer's head without a coding: its tag then means the same page, and no longer the same bytes. */
function unpack(headers: Headers): void {
  if (!headers.has("content-encoding")) return;
  for (const name of OF_CODING) headers.delete(name);
  const tag = headers.get("etag");
  if (tag?.startsWith('"') === true) headers.set("etag", `W/${tag}`);
}

/** What is kept of an answer whose body came whole. */
export function toCopy(
  key: string,
  answer: Response,
  body: Uint8Array<ArrayBuffer>,
  { fresh, at }: { fresh: Fresh; at: number },
): Response {
  const headers = new Headers(answer.headers);
  dropHopByHop(headers);
  unpack(headers);
  const names = Array.from(answer.headers.keys());
  for (const name of names) if (name.startsWith(PREFIX)) headers.delete(name);
  for (const name of names) {
    const value = headers.get(name);
    if (value === null || !ASIDE.test(name)) continue;
    headers.delete(name);
    headers.set(PREFIX + name, value);
  }
  headers.delete("content-length");
  headers.set("cache-control", `max-age=${Math.ceil(fresh.seconds)}`);
  headers.set(HEAD, [key, answer.status, at, fresh.age, fresh.seconds].join(" "));
  return new Response(body, { headers });
}

/** An answer made of a copy. */
export interface Kept {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Response["body"];
  /** For how long it serves from now on (s). */
  readonly left: number;
}

/** What a copy says at a time; nothing where it is another's, or serves no longer. */
export function fromCopy(key: string, copy: Response, now: number): Kept | undefined {
  const [known, ...numbers] = copy.headers.get(HEAD)?.split(" ") ?? [];
  const [status = 0, at = 0, age = 0, seconds = 0] = numbers.map(Number);
  const resident = (now - at) / SECOND_MS;
  // A clock that was set back says nothing of how old a copy is.
  if (known !== key || !(resident >= 0 && resident < seconds)) return undefined;
  const headers = new Headers(copy.headers);
  // What the platform says of its own cache.
  headers.delete("cf-cache-status");
  headers.delete("content-length");
  for (const name of copy.headers.keys()) if (ASIDE.test(name)) headers.delete(name);
  for (const [name, value] of copy.headers) {
    if (!name.startsWith(PREFIX)) continue;
    headers.delete(name);
    if (name !== HEAD) headers.set(name.slice(PREFIX.length), value);
  }
  headers.set("age", String(Math.floor(age + resident)));
  return { status, headers, body: status === 204 ? null : copy.body, left: seconds - resident };
}
