import * as v from "valibot";

import { expected, list, message, strictObject } from "../../lib/strict-object.ts";
import { NOTHING } from "../cache-key.ts";
import type { Failure, Retry } from "../compiled.ts";
import { MAX_RETRIES } from "../limits.ts";
import { whole } from "../values.ts";
import type { FieldDefinition } from "./definition.ts";

const ALL_FAILURES: readonly Failure[] = ["network", "timeout", 502, 503, 504];

const RetrySchema = strictObject(
  {
    attempts: whole(1, MAX_RETRIES, 1),
    on: v.exactOptional(
      v.pipe(
        list(
          v.picklist(
            ["network", "timeout", 502, 503, 504],
            expected('be "network", "timeout", 502, 503 or 504', 'write "network"'),
          ),
          expected("be a list", 'write ["network", "timeout"]'),
        ),
        v.minLength(1, message("must name one failure at least", 'write ["network", "timeout"]')),
      ),
    ),
  },
  "retry",
);

type RetryInput = v.InferOutput<typeof RetrySchema>;

const compile = ({ attempts, on = [...ALL_FAILURES] }: RetryInput): Retry => ({
  attempts,
  on: new Set(on),
});

/** Tries after the first one, for requests that can be sent again. */
export const retry: FieldDefinition<RetryInput, Retry | undefined> = {
  schema: () => RetrySchema,
  leafOnly: false,
  inherited: true,
  asksWho: false,
  names: "nothing",
  compile: (written, { once }) => written && once(written, compile),
  cacheKey: () => NOTHING,
};
