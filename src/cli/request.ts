import * as v from "valibot";

import {
  RequestDescriptionSchema,
  type RequestDescription,
} from "../decide/request-description.ts";
import { splitMessage } from "../lib/strict-object.ts";
import { usage } from "./failure.ts";
import { wholeOf, whenOf } from "./numbers.ts";

/** The options that say in words what a request is. */
export interface RequestOptions {
  readonly method?: string | undefined;
  readonly country?: string | undefined;
  readonly continent?: string | undefined;
  readonly region?: string | undefined;
  readonly asn?: string | undefined;
  readonly eu?: boolean | undefined;
  readonly ip?: string | undefined;
  readonly bot?: boolean | undefined;
  readonly visitor?: string | undefined;
  readonly "seen-at"?: string | undefined;
  readonly at?: string | undefined;
}

/** `name: value` lines as an object; a repeated name is its combined value (RFC 9110 §5.3), cookies with a semicolon. */
function headersOf(lines: readonly string[]): Record<string, string> {
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(":");
    if (colon < 1) throw usage(`"${line}" is not a header`, 'write -H "name: value"');
    const name = line.slice(0, colon).trim().toLowerCase();
    const value = line.slice(colon + 1).trim();
    const before = headers.get(name);
    const glue = name === "cookie" ? "; " : ", ";
    headers.set(name, before === undefined ? value : before + glue + value);
  }
  return Object.fromEntries(headers);
}

/**
 * The request that `explain` and `simulate` describe: a URL, header lines, and the options above;
 * instants may be told from `now` on (ms). Throws a usage failure that names the wrong option.
 */
export function describeRequest(
  url: string,
  headers: readonly string[],
  options: RequestOptions,
  now: number,
): RequestDescription {
  const { asn, at, "seen-at": seenAt } = options;
  const given = {
    url,
    headers: headersOf(headers),
    method: options.method,
    country: options.country,
    continent: options.continent,
    region: options.region,
    eu: options.eu,
    ip: options.ip,
    bot: options.bot,
    visitor: options.visitor,
    asn: asn === undefined ? undefined : wholeOf("--asn", asn, 0, Number.MAX_SAFE_INTEGER),
    seenAt: seenAt === undefined ? undefined : whenOf("--seen-at", seenAt, now),
    at: at === undefined ? undefined : whenOf("--at", at, now),
  };
  const request = Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined),
  );
  const result = v.safeParse(RequestDescriptionSchema, request);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const { message, fix } = splitMessage(issue.message);
  throw usage(`${v.getDotPath(issue) ?? "the request"} ${message}`, fix);
}
