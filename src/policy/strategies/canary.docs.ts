import type { StrategyDocs } from "./docs-definition.ts";
import type { Canary } from "./canary.ts";

export const canary: StrategyDocs<Canary> = {
  summary: "A stable origin, and a canary that serves a share of the visitors",
  variants: "`stable`, `canary`",
  fields: {
    stable: { value: "origin", meaning: "where the others go" },
    canary: { value: "origin", meaning: "where the share goes" },
    percent: { value: "0…100", meaning: "the share; either this or `ramp`" },
    ramp: {
      value: '`{ "startAt", "steps": [{ "percent", "holdSeconds"? }], "pausedAt"?, "earned"? }`',
      meaning: "a share that rises with [time](#time)",
    },
    lease: { value: '`{ "until" }`', meaning: "from then on the share is 0" },
  },
};
