import type { Definition } from "../definition.ts";
import type { OperationId } from "../operations.ts";
import type { Problem } from "../problems.ts";

/** Where an operation is asked for. */
export type Place = Pick<Definition, "method" | "path">;

/** What a client knows of the contract. */
export interface Forms {
  readonly places: Readonly<Record<OperationId, Place>>;
  /** What reads an operation's answers: it gives back what was answered in the form of the contract, and throws where it is not. */
  readonly answers: (operation: OperationId) => Promise<(value: unknown) => unknown>;
  /** What was refused, or `undefined` where it is not a problem of the API. */
  readonly refused: (value: unknown) => Promise<Problem | undefined>;
}
