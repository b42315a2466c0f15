import { fromBase64Url, toBase64Url } from "../../lib/base64url.ts";
import { macOf, signingKey } from "./signing.ts";

const PURPOSE = "switchyard sign-in code 1";

/** Random bytes of a code: nobody guesses one in its ten minutes, nor ever. */
const RANDOM_BYTES = 16;

/** Bytes of the signature behind them: enough that nobody makes up a code for which the hub is asked. */
const MAC_BYTES = 16;

async function macFor(secret: string, random: Uint8Array<ArrayBuffer>) {
  return (await macOf(await signingKey(secret, PURPOSE), random)).subarray(0, MAC_BYTES);
}

/** A new code, signed with the secret: which codes are made up is known without the hub, which nobody unknown may keep busy. */
export async function newCode(secret: string): Promise<string> {
  const random = crypto.getRandomValues(new Uint8Array(RANDOM_BYTES));
  return toBase64Url(Uint8Array.of(...random, ...(await macFor(secret, random))));
}

/** Whether {@link newCode} made a code with this secret; whether it is used up or over is the hub's to say. */
export async function isOwnCode(secret: string, code: string): Promise<boolean> {
  const bytes = fromBase64Url(code);
  if (bytes?.length !== RANDOM_BYTES + MAC_BYTES) return false;
  const mac = await macFor(secret, bytes.slice(0, RANDOM_BYTES));
  return crypto.subtle.timingSafeEqual(mac, bytes.subarray(RANDOM_BYTES));
}
