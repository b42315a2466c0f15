import * as v from "valibot";

import { Failure } from "../../lib/failure.ts";
import type { Answer } from "../definition.ts";
import { CONTRACT, type OperationId } from "../operations.ts";
import type { Ask, Client } from "./connect.ts";

type Answers<TId extends OperationId> = (typeof CONTRACT)[TId]["answers"];

/** What an operation answers with where it succeeds. */
type AnswerOf<TId extends OperationId> = Answers<TId>[keyof Answers<TId>] extends infer TAnswer
  ? TAnswer extends { readonly schema: infer TSchema extends v.GenericSchema }
    ? v.InferOutput<TSchema>
    : never
  : never;

/** What goes into a request beside what its contract says. */
export interface Given extends Pick<
  Ask,
  "query" | "body" | "headers" | "harmlessTwice" | "signal"
> {
  /** What stands for the names in the path. */
  readonly params?: Readonly<Record<string, string>>;
}

const unknownForm = (): Failure =>
  new Failure(
    "the API answers in a form that is not known here",
    "use the release of the gateway itself",
    { code: "no-api" },
  );

/** What was answered, in the form of the contract; throws where it is not. */
function known<const TId extends OperationId>(id: TId, value: unknown): AnswerOf<TId> {
  // The success answers of one operation have one form.
  const [form] = Object.values<Answer | undefined>(CONTRACT[id].answers).filter(
    (one) => one !== undefined,
  );
  const result = form && v.safeParse(form.schema, value);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the schema of this very operation has judged the value
  if (result?.success === true) return result.output as AnswerOf<TId>;
  throw unknownForm();
}

/** Where an operation is asked for. */
function asked(id: OperationId, params: Readonly<Record<string, string>>) {
  const { method, path } = CONTRACT[id];
  const fill = (_: string, name: string) => encodeURIComponent(params[name] ?? "");
  return { method, path: path.replaceAll(/:(\w+)/g, fill) };
}

const isIterable = (value: unknown): value is AsyncIterable<unknown> =>
  typeof value === "object" && value !== null && Symbol.asyncIterator in value;

/** Asks for one operation of the API, and gives back its answer in the form of the contract. Throws a `Failure` for every refusal, and where a gateway of another age answers differently. */
export async function request<const TId extends OperationId>(
  client: Client,
  id: TId,
  { params = {}, ...given }: Given,
): Promise<AnswerOf<TId>> {
  return known(id, await client({ ...asked(id, params), ...given }));
}

/** The same for an operation that answers with lines, each of which has the form of the contract. */
export async function* requestLines<const TId extends OperationId>(
  client: Client,
  id: TId,
  { params = {}, ...given }: Given,
): AsyncGenerator<AnswerOf<TId>, void, undefined> {
  const lines = await client({ ...asked(id, params), ...given, lines: true });
  if (!isIterable(lines)) throw unknownForm();
  for await (const line of lines) yield known(id, line);
}
