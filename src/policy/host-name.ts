import * as v from "valibot";

import { expected } from "../lib/strict-object.ts";
import { MAX_HOST_CHARS } from "./limits.ts";

/** DNS labels in either case; the last one begins with no digit, for that would be an address. */
const HOST_NAME =
  /^(?!\.|(?:.*\.)?\d[^.]*$)(?:(?:^|\.)[\dA-Za-z_](?:[\dA-Za-z_-]{0,61}[\dA-Za-z_])?)+$/;

const mustBeHostName = expected(
  "be a host name, without scheme, port and path, and no address",
  'write for example "host.example.com"',
);

/** Whether browsers on the hosts of a route take a cookie for this domain; a route that is not named by a host may have any. */
export function takesDomain(key: string, domain: string): boolean {
  if (!key.includes(".")) return true;
  const host = key.replace(/^\*\./, "");
  const wanted = domain.replace(/^\./, "").toLowerCase();
  return host === wanted || host.endsWith(`.${wanted}`);
}

/** The name of a host alone. Whether it is private is judged in `check.ts`. */
export const HostNameSchema = v.pipe(
  v.string(mustBeHostName),
  v.maxLength(MAX_HOST_CHARS, mustBeHostName),
  v.regex(HOST_NAME, mustBeHostName),
);
