import { readHostname } from "../hostname.ts";
import type { Place } from "../place.ts";
import { MAX_PORT } from "./gateways.ts";
import { readNewPath, type NewPath } from "./path-modifier.ts";

const PORT_OF = { http: 80, https: 443 } as const;

const STATUSES = [301, 302, 303, 307, 308];

/** A redirect as a policy writes it, without its strategy. */
export interface Redirect {
  readonly place: Place;
  /** Where its new path stands. */
  readonly pathPlace: Place | undefined;
  readonly newPath: NewPath | undefined;
  readonly policy: Readonly<Record<string, unknown>>;
  /** Its scheme and host, where it changes nothing else. */
  readonly elsewhere: { readonly scheme: string; readonly host: string | undefined } | undefined;
}

function readStatus(place: Place): number | undefined {
  const { value } = place;
  if (typeof value === "number" && STATUSES.includes(value)) return value;
  return place.error(`must be one of ${STATUSES.join(", ")}`);
}

/** A `requestRedirect`. Every part that it leaves out stays as the visitor's request had it. */
export function readRedirect(place: Place): Redirect | undefined {
  const fields = place.fields(["scheme", "hostname", "path", "port", "statusCode"]);
  if (fields === undefined) return undefined;
  const host = fields.get("hostname");
  const hostname = host && readHostname(host);
  if (hostname?.startsWith("*") === true) host?.error("must be one host, no wildcard");
  const pathPlace = fields.get("path");
  const statusAt = fields.get("statusCode");
  const status = statusAt && readStatus(statusAt);
  const scheme = fields.get("scheme")?.word(["http", "https"]);
  const port = fields.get("port")?.whole(1, MAX_PORT);
  const newPath = pathPlace && readNewPath(pathPlace);
  if (!["scheme", "hostname", "path", "port"].some((name) => fields.has(name)))
    return place.error(
      "gives a status alone, and would lead straight back to itself: add a scheme, a hostname, a port or a path",
    );
  const policy = {
    ...(status === undefined ? {} : { status }),
    ...(scheme === undefined ? {} : { scheme }),
    ...(hostname === undefined ? {} : { host: hostname }),
    ...(port === undefined ? {} : { port }),
    ...newPath,
  };
  const isOwnPort = scheme !== undefined && (port ?? PORT_OF[scheme]) === PORT_OF[scheme];
  const elsewhere = isOwnPort && newPath === undefined ? { scheme, host: hostname } : undefined;
  return { place, pathPlace, newPath, policy, elsewhere };
}
