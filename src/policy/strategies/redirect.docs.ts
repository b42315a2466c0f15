import type { StrategyDocs } from "./docs-definition.ts";
import type { Redirect } from "./redirect.ts";

export const redirect: StrategyDocs<Redirect> = {
  summary:
    "The visitor is sent to another URL; every part that is left out stays as their request had it, and so does the query",
  variants: "none",
  fields: {
    status: { value: "301, 302, 303, 307, 308", meaning: "default 302" },
    scheme: {
      value: '`"https"` or `"http"`',
      meaning: "the target's scheme; without `port` on that scheme's own port",
    },
    host: { value: "host", meaning: "the target's host, without a port" },
    port: { value: "1…65 535", meaning: "the target's port" },
    path: { value: "path", meaning: "in place of the whole path" },
    prefix: {
      value: 'path or `""`',
      meaning: "in place of the key or the rule's prefix that led here",
    },
  },
};
