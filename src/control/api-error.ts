import { MAX_ECHO_CHARS } from "../api/limits.ts";
import { shorten } from "../lib/shorten.ts";
import { PROBLEMS, type ProblemCode } from "../api/problems.ts";

/** After how many seconds a caller may try again, where waiting helps. */
const RETRY_AFTER_SECONDS: Readonly<Partial<Record<number, number>>> = { 429: 60, 503: 5 };

/** What is wrong, where the code alone does not say it, and what to do about it. */
export interface Advised {
  readonly what?: string;
  readonly fix: string;
}

/** A refusal on its way out. Its message stays inside: only code, detail, fix and members are told. */
export class ApiError extends Error {
  readonly code: ProblemCode;
  readonly detail: string | undefined;
  /** The part of the detail that says what to do, where that is known. */
  readonly fix: string | undefined;
  readonly members: Readonly<Record<string, unknown>>;

  constructor(
    code: ProblemCode,
    detail?: string | Advised,
    members: Readonly<Record<string, unknown>> = {},
  ) {
    super(code);
    this.code = code;
    const { what, fix } = typeof detail === "object" ? detail : { what: detail };
    const whole = [what, fix].filter((part) => part !== undefined).join("; ");
    this.detail = whole === "" ? undefined : shorten(whole, MAX_ECHO_CHARS);
    this.fix = fix === undefined ? undefined : shorten(fix, MAX_ECHO_CHARS);
    this.members = members;
  }
}

/** On every answer: it is one caller's, and is read as what it says it is. */
export const COMMON_HEADERS = {
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
} as const;

/** RFC 9457 problem details. */
export function problem({ code, detail, fix, members }: ApiError): Response {
  const { status, title } = PROBLEMS[code];
  const headers = new Headers({ ...COMMON_HEADERS, "content-type": "application/problem+json" });
  const wait = RETRY_AFTER_SECONDS[status];
  if (wait !== undefined) headers.set("retry-after", String(wait));
  if (status === 401) headers.set("www-authenticate", 'Bearer realm="switchyard"');
  if (typeof members["allow"] === "string") headers.set("allow", members["allow"]);
  if (typeof members["current"] === "number") headers.set("etag", `"${members["current"]}"`);
  const body = {
    type: "about:blank",
    title,
    status,
    code,
    ...(detail && { detail }),
    ...(fix && { fix }),
    ...members,
  };
  return Response.json(body, { status, headers });
}
