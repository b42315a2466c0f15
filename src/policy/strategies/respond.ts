import * as v from "valibot";

import { expected, message, words } from "../../lib/strict-object.ts";
import type { Common } from "../common.ts";
import { MAX_BODY_CHARS, MAX_MEDIA_TYPE_CHARS } from "../limits.ts";
import { whole } from "../values.ts";
import type { EndStrategy } from "./definition.ts";

/** The policy itself is the answer. */
export interface Respond extends Common {
  strategy: "respond";
  status: number;
  body?: string;
  contentType?: string;
}

/** Statuses whose answers have no body (RFC 9110 §15, fetch standard). */
const BODYLESS = new Set<unknown>([204, 205, 304]);

const DEFAULT_TYPE = "text/plain; charset=utf-8";

const mustBeText = expected(
  () => `be text of ${MAX_BODY_CHARS} characters at most, without half surrogates`,
  'write for example "Back at nine."',
);

const mustBeType = expected(
  () => `be a media type of ${MAX_MEDIA_TYPE_CHARS} characters at most`,
  'write for example "text/html; charset=utf-8"',
);

/** Answers from the policy, without an origin. */
export const respond: EndStrategy<Respond> = {
  kind: "end",
  title: words("respond policy"),
  entries: () => ({
    status: whole(200, 599, 503),
    body: v.exactOptional(
      v.pipe(
        v.string(mustBeText),
        v.maxLength(MAX_BODY_CHARS, mustBeText),
        v.check((text) => text.isWellFormed(), mustBeText),
      ),
    ),
    contentType: v.exactOptional(
      v.pipe(
        v.string(mustBeType),
        v.maxLength(MAX_MEDIA_TYPE_CHARS, mustBeType),
        // RFC 9110 §8.3.1: type and subtype are tokens; parameters as the writer has them, in visible ASCII.
        v.regex(/^[\w!#$&^+.-]+\/[\w!#$&^+.-]+(?:[ \t]*;[\t\x20-\x7E]*)?$/, mustBeType),
      ),
    ),
  }),
  check({ status, body }, report) {
    if (BODYLESS.has(status) && typeof body === "string" && body !== "")
      report(
        ["body"],
        message(() => `has no place in an answer with ${String(status)}`, "remove it"),
      );
  },
  origins: () => [],
  children: () => [],
  ending({ status, body = "", contentType }) {
    const type = contentType ?? (body === "" ? undefined : DEFAULT_TYPE);
    return {
      do: "respond",
      status,
      body,
      contentType: BODYLESS.has(status) ? undefined : type,
    };
  },
};
