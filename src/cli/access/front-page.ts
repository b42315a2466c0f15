import { hostKey } from "../../policy/keys.ts";
import { isLoopback } from "./gateway-url.ts";

/**
 * Where a route's front page is, as far as its key and the control plane's URL say; undefined for keys of many hosts,
 * and for tenants of a gateway whose host the control plane does not have. On this machine the gateway
 * is on the port before, as `npm start` has it.
 */
export function frontPage(key: string, control: string): string | undefined {
  if (key === "*" || key.startsWith("*.")) return undefined;
  const isHost = hostKey(key) !== undefined;
  if (!isLoopback(control)) return isHost ? `https://${key}/` : undefined;
  const url = new URL(control);
  url.port = String(Number(url.port) - 1);
  return isHost ? `http://${key}:${url.port}/` : new URL(`/${key}/`, url).href;
}
