import type * as v from "valibot";

import type { CONTRACT, OperationId } from "../operations.ts";

/** Where an API is, and who asks. */
export interface Access {
  /** Without a slash at the end. */
  readonly url: string;
  /** Absent where the browser proves it, by the cookie of a session. */
  readonly token?: string;
}

/** What goes into a request beside what its contract says. */
export interface Given {
  /** What stands for the names in the path. */
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether making the same write twice is harmless to the caller: it then goes without an idempotency key, which costs the ledger a row. */
  readonly harmlessTwice?: boolean;
  /** Ends the request. */
  readonly signal?: AbortSignal;
}

/** One request of the API. */
export interface Ask extends Given {
  readonly operation: OperationId;
  /** Whether the answer is lines of JSON: what comes of the request is then an `AsyncGenerator` of them. */
  readonly lines?: boolean;
}

/** Sends one request and gives back the answer's body, or its lines, in the form of the contract; throws a `Failure` for every refusal. */
export type Client = (ask: Ask) => Promise<unknown>;

type Answers<TId extends OperationId> = (typeof CONTRACT)[TId]["answers"];

/** What an operation answers with where it succeeds. */
export type AnswerOf<TId extends OperationId> =
  Answers<TId>[keyof Answers<TId>] extends infer TAnswer
    ? TAnswer extends { readonly schema: infer TSchema extends v.GenericSchema }
      ? v.InferOutput<TSchema>
      : never
    : never;
