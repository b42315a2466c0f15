import { urlWithoutToken } from "../../override/query.ts";
import { OVERRIDE_COOKIE } from "../../override/token.ts";
import type { CompiledPolicy, Variant } from "../../policy/compiled.ts";
import type { Platform } from "../platform.ts";
import { nextMaxForwards } from "../resolve/max-forwards.ts";
import { withoutCookies } from "../respond/cookies.ts";
import { setDecision, type DecisionInfo } from "./decision-fields.ts";
import { dropNamedByConnection, isDropped } from "./dropped-fields.ts";
import { setDestination, type Destination } from "./destination.ts";
import { setForwarded, type ForwardedInfo } from "./forwarded-fields.ts";
import { applyEdits } from "./header-edits.ts";

/** What the gateway tells the origin. */
export interface ForwardingInfo extends ForwardedInfo, DecisionInfo {
  /** Cookies that stay here: our own, and those that prove who somebody is to Cloudflare. */
  readonly cookieNames: readonly string[];
  readonly destination: Destination | undefined;
  readonly secretOf: Platform["secret"];
}

/** Cookies of Cloudflare Access: whoever has them is that person on every host of the application. */
const ACCESS_COOKIES = ["CF_Authorization", "CF_AppSession", "CF_Binding"] as const;

/** Names of the cookies that no origin of a policy gets. */
export const cookiesThatStay = ({
  cookieNames,
}: Pick<CompiledPolicy, "cookieNames">): readonly string[] => [
  ...cookieNames,
  OVERRIDE_COOKIE,
  ...ACCESS_COOKIES,
];

/** Takes our token out of a field that names a page, which may be that of a QA link: the one after it has its address in `Referer`. */
function dropToken(headers: Headers, name: "referer" | "destination"): void {
  const url = headers.get(name);
  if (url === null) return;
  const rest = urlWithoutToken(url);
  if (rest !== url) headers.set(name, rest);
}

function dropCookies(headers: Headers, names: readonly string[]): void {
  const cookie = headers.get("cookie");
  if (cookie === null) return;
  const rest = withoutCookies(cookie, names);
  if (rest === undefined) headers.delete("cookie");
  else if (rest !== cookie) headers.set("cookie", rest);
}

/** The client's headers as an origin gets them; a field that needs no change keeps its bytes. */
export function originHeaders(
  request: Request,
  forwarding: ForwardingInfo,
  to: Pick<Variant, "origin" | "edits" | "rewrite">,
): Headers {
  const headers = new Headers(request.headers);
  // A handshake is a GET (RFC 6455 §4.1). Of any other method the platform would make one, and drop its body.
  const isWebSocket =
    request.method === "GET" && request.headers.get("upgrade")?.toLowerCase() === "websocket";
  dropNamedByConnection(headers);
  // One walk over what is there costs less than asking for each name that might be.
  for (const name of request.headers.keys()) {
    if (isDropped(name, forwarding.trustForwarded)) headers.delete(name);
  }
  dropToken(headers, "referer");
  if (isWebSocket) headers.set("upgrade", "websocket");
  const hops = nextMaxForwards(request.method, request.headers.get("max-forwards"));
  if (hops !== undefined) headers.set("max-forwards", hops);
  setForwarded(headers, request.headers, forwarding);
  setDecision(headers, forwarding);
  dropCookies(headers, forwarding.cookieNames);
  if (forwarding.destination !== undefined) {
    dropToken(headers, "destination");
    setDestination(headers, forwarding.destination, to);
  }
  applyEdits(headers, to.edits.request, forwarding.secretOf);
  return headers;
}
