import { readHostname } from "../hostname.ts";
import type { Place } from "../place.ts";
import { readNewPath, type NewPath } from "./path-modifier.ts";

/** A rewrite: the path that is forwarded, and the host that the backend is told. */
export interface Rewrite {
  readonly place: Place;
  readonly pathPlace: Place | undefined;
  readonly newPath: NewPath | undefined;
  readonly hostPlace: Place | undefined;
  readonly hostname: string | undefined;
}

/** A `urlRewrite`. */
export function readRewrite(place: Place): Rewrite | undefined {
  const fields = place.fields(["hostname", "path"]);
  if (fields === undefined) return undefined;
  const hostPlace = fields.get("hostname");
  const hostname = hostPlace && readHostname(hostPlace);
  if (hostname?.startsWith("*") === true) hostPlace?.error("must be one host, no wildcard");
  const pathPlace = fields.get("path");
  const newPath = pathPlace && readNewPath(pathPlace);
  return { place, pathPlace, newPath, hostPlace, hostname };
}

const ADDRESS = /^(?:\[|[\d.]+$)/;

/** An origin that is told the host of a rewrite, and reached at its own. */
export function toldHost(
  origin: string,
  { hostname, hostPlace }: Pick<Rewrite, "hostname" | "hostPlace">,
): Record<string, unknown> {
  const url = new URL(origin);
  const resolve = url.hostname;
  const told = { url: origin };
  if (hostname === undefined || hostname === resolve) return told;
  if (ADDRESS.test(resolve)) {
    hostPlace?.error(
      `cannot be said of an origin at an address: name one for ${resolve} with a host name`,
    );
    return told;
  }
  url.hostname = hostname;
  // A path of nothing but a slash is not written.
  return { url: url.href.replace(/\/$/, ""), resolve };
}
