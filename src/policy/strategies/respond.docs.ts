import type { StrategyDocs } from "./docs-definition.ts";
import type { Respond } from "./respond.ts";

export const respond: StrategyDocs<Respond> = {
  summary: "The policy itself is the answer, without an origin",
  variants: "none",
  fields: {
    status: { value: "200…599", meaning: "the answer's status; 204, 205 and 304 have no body" },
    body: { value: "text", meaning: "the answer's body, 4 096 characters at most. Default none" },
    contentType: {
      value: "media type",
      meaning: "of the body. Default `text/plain; charset=utf-8`",
    },
  },
};
