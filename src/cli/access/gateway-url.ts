import { Failure } from "../failure.ts";

/** Where the control plane of `npm start` listens. */
export const DEFAULT_URL = "http://127.0.0.1:8788";

/** Whether a URL names this machine: what is sent there stays on it. */
export function isLoopback(url: string): boolean {
  const hostname = URL.parse(url)?.hostname ?? "";
  return /^(?:127(?:\.\d+){3}|\[::1\]|localhost|.+\.localhost)$/.test(hostname);
}

/**
 * A gateway's URL in its one normal form, without a slash at the end, so that tokens are found by
 * it. Throws a failure for what is not one, and for one that would get a token in the clear.
 */
export function gatewayUrl(text: string): string {
  const url = URL.parse(text);
  if (
    url === null ||
    !/^https?:$/.test(url.protocol) ||
    url.search + url.hash + url.username + url.password !== ""
  )
    throw new Failure(
      `"${text.replace(/\/\/[^/]*@/, "//…@")}" is not a URL of a gateway`,
      `write for example ${DEFAULT_URL}`,
    );
  if (url.protocol === "http:" && !isLoopback(url.href))
    throw new Failure(`${url.origin} would get the token in the clear`, "use https://");
  return url.href.replace(/\/+$/, "");
}
