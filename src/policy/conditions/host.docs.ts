import type { ConditionDocs } from "./docs-definition.ts";

export const host: ConditionDocs = { comparedWith: "the host, without case and port" };
