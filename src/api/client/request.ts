import { unknownForm } from "./failures.ts";
import type { OperationId } from "../operations.ts";
import type { AnswerOf, Client, Given } from "./ask.ts";

const isIterable = (value: unknown): value is AsyncIterable<unknown> =>
  typeof value === "object" && value !== null && Symbol.asyncIterator in value;

/** Asks for one operation of the API, and gives back its answer in the form of the contract. Throws a `Failure` for every refusal, and where a gateway of another age answers differently. */
export async function request<const TId extends OperationId>(
  client: Client,
  operation: TId,
  given: Given,
): Promise<AnswerOf<TId>> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a client gives the answer of the operation that it was asked for
  return (await client({ operation, ...given })) as AnswerOf<TId>;
}

/** Asks for one operation of the API that answers with lines, each of which has the form of the contract. */
export async function* requestLines<const TId extends OperationId>(
  client: Client,
  operation: TId,
  given: Given,
): AsyncGenerator<AnswerOf<TId>, void, undefined> {
  const lines = await client({ operation, ...given, lines: true });
  if (!isIterable(lines)) throw unknownForm();
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as above, line by line
  for await (const line of lines) yield line as AnswerOf<TId>;
}
