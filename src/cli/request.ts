import * as v from "valibot";

import {
  RequestDescriptionSchema,
  type RequestDescription,
} from "../decide/request-description.ts";
import { combinedFields, fieldIn } from "../lib/combined-fields.ts";
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

/** `name: value` lines as an object. */
function headersOf(lines: readonly string[]): Record<string, string> {
  return combinedFields(
    lines.map((line) => {
      const field = fieldIn(line);
      if (field === undefined) throw usage(`"${line}" is not a header`, 'write -H "name: value"');
      return field;
    }),
  );
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
