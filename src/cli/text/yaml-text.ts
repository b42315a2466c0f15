import { Document, visit } from "yaml";

import { escaped } from "./plain.ts";

/** A value as YAML, with all control characters escaped (YAML 1.2.2 §5.7): texts that hold one stand within double quotes. */
export function yamlText(value: unknown): string {
  const document = new Document(value);
  visit(document, {
    Scalar(_key, scalar) {
      if (typeof scalar.value === "string" && escaped(scalar.value) !== scalar.value)
        scalar.type = "QUOTE_DOUBLE";
    },
  });
  return escaped(document.toString());
}
