import type * as v from "valibot";

import type { Role } from "../lib/roles.ts";
import type { ProblemCode } from "./problems.ts";

/** The media type of an answer whose every line is a JSON value, ended by a line feed. */
export const LINES = "application/x-ndjson";

/** An answer's form, by the name it has in the OpenAPI document. */
export interface Answer {
  readonly name: string;
  readonly schema: v.GenericSchema;
  /** Where it is not one JSON value: each line is one. */
  readonly type?: typeof LINES;
}

/** Names an answer's form for the OpenAPI document. */
export function answer<const TSchema extends v.GenericSchema>(name: string, schema: TSchema) {
  return { name, schema } as const;
}

/** The contract of one thing that the API does. The router, `sy` and the OpenAPI document are all made from it. */
export interface Definition {
  readonly method: "GET" | "PUT" | "PATCH" | "POST" | "DELETE";
  /** Below the API's root; `:name` stands for one segment. */
  readonly path: string;
  /** The least role that may do it; where the path names a route, the scope must hold it too. */
  readonly role: Role;
  readonly summary: string;
  /** The query parameters it takes: any other is refused by its name. */
  readonly query?: readonly string[];
  readonly body?: v.GenericSchema;
  /** Whether a request without a body is as good as an empty object. */
  readonly bodyOptional?: boolean;
  /** By status; `undefined` for an answer without a body. */
  readonly answers: Readonly<Record<number, Answer | undefined>>;
  /** Whether the request must say which version it changes. */
  readonly edits?: boolean;
  /** What it may refuse beside what any request may meet (`COMMON_PROBLEMS`). */
  readonly problems: readonly ProblemCode[];
}
