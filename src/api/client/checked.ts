import * as v from "valibot";

import type { Answer } from "../definition.ts";
import { CONTRACT, type OperationId } from "../operations.ts";
import { ProblemSchema } from "../problems.ts";
import { unknownForm } from "./failures.ts";
import type { Forms } from "./forms.ts";

function answered(operation: OperationId, value: unknown): unknown {
  // The success answers of one operation have one form.
  const [form] = Object.values<Answer | undefined>(CONTRACT[operation].answers).filter(
    (one) => one !== undefined,
  );
  const result = form && v.safeParse(form.schema, value);
  if (result?.success === true) return result.output;
  throw unknownForm();
}

/** The whole contract: every answer is held against its schema, as a program must that meets gateways of any age. */
export const CHECKED: Forms = {
  places: CONTRACT,
  answered,
  refused: (value) => {
    const problem = v.safeParse(ProblemSchema, value);
    return problem.success ? problem.output : undefined;
  },
};
