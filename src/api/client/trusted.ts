import type { Problem } from "../problems.ts";
import type { Forms } from "./forms.ts";
import { PLACES } from "./places.ts";

const isProblem = (value: unknown): value is Problem =>
  typeof value === "object" && value !== null && "code" in value && "title" in value;

/** Enough of the contract for a page: it comes from the Worker that answers it, so no answer is held against a schema, and none is loaded. */
export const TRUSTED: Forms = {
  places: PLACES,
  answers: async () => (value) => value,
  refused: async (value) => (isProblem(value) ? value : undefined),
};
