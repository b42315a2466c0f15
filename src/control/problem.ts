/** What the API refuses, each with its status and a line for people. Nothing internal ever reaches a caller. */
export const PROBLEMS = {
  "body-invalid": { status: 400, title: "The body is not what this request takes" },
  "query-invalid": { status: 400, title: "The query is not what this request takes" },
  "key-invalid": { status: 400, title: "This is no route key" },
  "header-invalid": { status: 400, title: "A header is not what this request takes" },
  unauthorized: { status: 401, title: "Prove who you are" },
  forbidden: { status: 403, title: "This is not yours to do" },
  "not-found": { status: 404, title: "There is nothing here" },
  "route-not-found": { status: 404, title: "There is no such route" },
  "version-not-found": { status: 404, title: "There is no such version" },
  "method-not-allowed": { status: 405, title: "This is done by another method" },
  "action-refused": { status: 409, title: "The action does not fit the policy" },
  drift: { status: 409, title: "KV has a value that was not put there by this API" },
  "no-drift": { status: 409, title: "KV has nothing to adopt" },
  "links-off": { status: 409, title: "QA links need the secret OVERRIDE_SECRET" },
  reshuffle: { status: 409, title: "Visitors would be drawn anew without need" },
  "precondition-failed": { status: 412, title: "The route has changed meanwhile" },
  "body-too-large": { status: 413, title: "The body is too large" },
  "unsupported-media-type": { status: 415, title: "The body must be JSON" },
  "policy-refused": { status: 422, title: "The policy is not valid" },
  "request-elsewhere": { status: 422, title: "The described request does not lead to this route" },
  "unknown-variant": { status: 422, title: "No part of the policy has this variant" },
  "idempotency-mismatch": { status: 422, title: "Another request had this idempotency key" },
  "precondition-required": { status: 428, title: "Say which version you are changing" },
  "too-many-requests": { status: 429, title: "Too many failed attempts" },
  "internal-error": { status: 500, title: "The control plane failed" },
  "kv-unavailable": { status: 503, title: "KV cannot be read just now" },
  "ledger-unavailable": { status: 503, title: "The ledger cannot be reached just now" },
} as const;

export type ProblemCode = keyof typeof PROBLEMS;

/** After how many seconds a caller may try again, where waiting helps. */
const RETRY_AFTER_SECONDS: Readonly<Partial<Record<number, number>>> = { 429: 60, 503: 5 };

/** A refusal on its way out. Its message stays inside: only code, detail and members are told. */
export class Refusal extends Error {
  readonly code: ProblemCode;
  readonly detail: string | undefined;
  readonly members: Readonly<Record<string, unknown>>;

  constructor(code: ProblemCode, detail?: string, members: Readonly<Record<string, unknown>> = {}) {
    super(code);
    this.code = code;
    this.detail = detail;
    this.members = members;
  }
}

/** On every answer: it is one caller's, and is read as what it says it is. */
export const COMMON_HEADERS = {
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
} as const;

/** RFC 9457 problem details. */
export function problem({ code, detail, members }: Refusal): Response {
  const { status, title } = PROBLEMS[code];
  const headers = new Headers({ ...COMMON_HEADERS, "content-type": "application/problem+json" });
  const wait = RETRY_AFTER_SECONDS[status];
  if (wait !== undefined) headers.set("retry-after", String(wait));
  if (status === 401) headers.set("www-authenticate", 'Bearer realm="switchyard"');
  if (typeof members["allow"] === "string") headers.set("allow", members["allow"]);
  if (typeof members["current"] === "number") headers.set("etag", `"${members["current"]}"`);
  const body = { type: "about:blank", title, status, code, ...(detail && { detail }), ...members };
  return Response.json(body, { status, headers });
}
