import type { Variant } from "../../policy/compiled.ts";
import { forwardedPath, type Place } from "../../policy/rewrite.ts";
import { isSameHost } from "../resolve/same-host.ts";

/** Where a request wants its resource copied or moved to (`Destination`, RFC 4918 §10.3). */
export interface Destination {
  /** Its path, where it leads to the same origins as the request itself. */
  readonly place: Place | undefined;
  /** Query and fragment as they came. */
  readonly suffix: string;
  /** The URL that the client means; absent where it means one that is not the gateway's. */
  readonly publicUrl: string | undefined;
  /** Whether it was written as a whole URL. */
  readonly isWhole: boolean;
}

/**
 * Writes `Destination` as this origin knows the place. A place that the policy leads elsewhere stays a URL of
 * the gateway, which an origin refuses as another server's: a path alone it would take for its own. One
 * that names the origin itself, past the gateway, goes.
 */
export function setDestination(
  headers: Headers,
  { place, suffix, publicUrl, isWhole }: Destination,
  { origin, rewrite }: Pick<Variant, "origin" | "rewrite">,
): void {
  const came = headers.get("destination") ?? "";
  if (publicUrl === undefined) {
    const [named, own] = [URL.parse(came), URL.parse(origin.origin)];
    if (named !== null && own !== null && isSameHost(named, own)) headers.delete("destination");
    return;
  }
  const start = isWhole ? origin.origin : "";
  const path = place && origin.base + forwardedPath(rewrite, place);
  const value = path === undefined ? publicUrl : `${start}${path || "/"}${suffix}`;
  // Written back, a field loses every byte that is not UTF-8.
  if (value !== came && !(place === undefined && isWhole)) headers.set("destination", value);
}
