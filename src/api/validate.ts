import * as v from "valibot";

import { strictObject } from "../lib/strict-object.ts";
import { answer, type Definition } from "./definition.ts";
import { AnySchema, IssueSchema } from "./shared.ts";

export const ValidateSchema = strictObject({ policy: AnySchema }, "request");

const VALIDITY = answer(
  "Validity",
  v.object({
    valid: v.boolean(),
    issues: v.array(IssueSchema),
    warnings: v.array(IssueSchema),
  }),
);

export const VALIDATE = {
  validate: {
    method: "POST",
    path: "/validate",
    role: "read",
    summary: "Whether a policy is valid",
    body: ValidateSchema,
    answers: { 200: VALIDITY },
    problems: ["body-invalid"],
  },
} as const satisfies Record<string, Definition>;
