import type { Definition } from "../definition.ts";
import type { OperationId } from "../operations.ts";
import type { Problem } from "../problems.ts";

/** Where an operation is asked for. */
export type Place = Pick<Definition, "method" | "path">;

/** What a client knows of the contract. */
export interface Forms {
  readonly places: Readonly<Record<OperationId, Place>>;
  /** What was answered, in the form of the contract; throws where it is not. */
  readonly answered: (operation: OperationId, value: unknown) => unknown;
  /** What was refused, or `undefined` where it is not a problem of the API. */
  readonly refused: (value: unknown) => Problem | undefined;
}
