import { text } from "node:stream/consumers";

import { askHidden } from "../ask.ts";
import { Failure } from "../failure.ts";
import type { Io } from "../io.ts";

/**
 * The token of `npm start`. Fixed and public on purpose: it guards nothing but servers on this
 * machine, and is sent to loopback addresses alone.
 */
export const DEMO_TOKEN = "switchyard-demo-token-not-for-production";

/** The API takes no longer token, and no other characters than a header's value may hold. */
const TOKEN = /^[\x21-\x7E]{1,512}$/;

/** A token as it was given. Throws a failure, which does not repeat it, for what cannot be one. */
export function checkedToken(given: string): string {
  const token = given.trim();
  if (TOKEN.test(token)) return token;
  throw new Failure(
    token === "" ? "no token was given" : "what was given is not a token",
    "give it in one line, of 512 visible ASCII characters at most",
  );
}

/** A token from stdin: typed without being shown on a terminal, else all that a pipe holds. */
export async function tokenFromStdin(io: Io, url: string): Promise<string> {
  return checkedToken(
    io.interactive ? await askHidden(io, `Token for ${url}`) : await text(io.stdin),
  );
}
