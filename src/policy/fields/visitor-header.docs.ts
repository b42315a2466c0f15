import type { FieldText } from "./docs-definition.ts";

export const visitorHeader: FieldText = {
  value: "boolean",
  meaning:
    "send `X-Switchyard-Visitor`, the [digest](security.md#visitors) of who is known by cookie, header or query, so that a warehouse can join. Needs the secret `VISITOR_KEY`. Default false",
};
