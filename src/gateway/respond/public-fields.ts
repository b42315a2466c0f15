import type { CompiledPolicy } from "../../policy/compiled.ts";
import { cookiesThatStay } from "../forward/origin-headers.ts";
import { isOwnCookie } from "./cookies.ts";
import { toPublicLinks } from "./link.ts";
import type { Mount } from "./mount.ts";
import { toPublicCookie } from "./origin-cookies.ts";
import { toPublicUrl } from "./public-url.ts";
import { toPublicRefresh } from "./refresh.ts";
import { limitWorkerScope } from "./worker-scope.ts";

/** Fields of an answer that refer to its origin, and how each is led through the gateway. */
const REFERRING: readonly (readonly [
  name: string,
  toPublic: (value: string, mount: Mount) => string,
])[] = [
  ["location", toPublicUrl],
  ["content-location", toPublicUrl],
  ["refresh", toPublicRefresh],
  ["link", toPublicLinks],
  ["sourcemap", toPublicUrl],
  ["x-sourcemap", toPublicUrl],
];

/**
 * Leads through the gateway what in an answer refers to its origin. A field is written only where it
 * changes: what is read and written back loses every byte that is not UTF-8. `Alt-Svc`
 * (RFC 7838) goes: it names another way to the origin, past the gateway. So do cookies of the names
 * that stay here: they would never come back to the origin, and take a visitor's id away. `isScript`
 * says that a browser asked for a service worker's script.
 */
export function leadThroughGateway(
  headers: Headers,
  mount: Mount,
  isScript: boolean,
  policy: Pick<CompiledPolicy, "cookieNames">,
): void {
  headers.delete("alt-svc");
  for (const [name, toPublic] of REFERRING) {
    const value = headers.get(name);
    const outside = value === null ? null : toPublic(value, mount);
    if (outside !== null && outside !== value) headers.set(name, outside);
  }
  limitWorkerScope(headers, mount, isScript);
  if (!headers.has("set-cookie")) return;
  const cookies = headers.getSetCookie();
  const ownNames = cookiesThatStay(policy);
  const led = cookies
    .filter((cookie) => !isOwnCookie(cookie.split(";", 1)[0] ?? "", ownNames))
    .map((cookie) => toPublicCookie(cookie, mount));
  if (cookies.every((cookie, index) => cookie === led[index])) return;
  headers.delete("set-cookie");
  for (const cookie of led) headers.append("set-cookie", cookie);
}
