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
export interface Given extends Pick<Ask, "query" | "body" | "headers" | "harmlessTwice"> {
  /** What stands for the names in the path. */
  readonly params?: Readonly<Record<string, string>>;
}

/** Asks for one operation of the API, and gives back its answer in the form of the contract. Throws a `Failure` for every refusal, and where a gateway of another age answers differently. */
export async function request<const TId extends OperationId>(
  client: Client,
  id: TId,
  { params = {}, ...given }: Given,
): Promise<AnswerOf<TId>> {
  const { method, path, answers } = CONTRACT[id];
  const filled = path.replaceAll(/:(\w+)/g, (_, name: string) =>
    encodeURIComponent(params[name] ?? ""),
  );
  const body = await client({ method, path: filled, ...given });
  // The success answers of one operation have one form.
  const [form] = Object.values<Answer | undefined>(answers).filter((one) => one !== undefined);
  const result = form && v.safeParse(form.schema, body);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the schema of this very operation has judged the body
  if (result?.success === true) return result.output as AnswerOf<TId>;
  throw new Failure(
    "the API answers in a form that is not known here",
    "use the release of the gateway itself",
    { code: "no-api" },
  );
}
