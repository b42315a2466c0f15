import * as v from "valibot";

import { expected, list, message, strictObject, words } from "../../lib/strict-object.ts";
import { dependsOnNothing } from "../cache-key.ts";
import type { Failure, Retry } from "../compiled.ts";
import { MAX_BACKOFF_MS, MAX_RETRIES } from "../limits.ts";
import { whole } from "../values.ts";
import type { SharedField } from "./definition.ts";

const ALL_FAILURES: readonly Failure[] = ["network", "timeout", 502, 503, 504];

const [FIRST_STATUS, LAST_STATUS] = [400, 599];

const wrong = expected(
  () => `be "network", "timeout" or a status from ${FIRST_STATUS} to ${LAST_STATUS}`,
  'write "network"',
);

const WordSchema = v.picklist(["network", "timeout"], wrong);
const StatusSchema = v.pipe(
  v.number(wrong),
  v.integer(wrong),
  v.minValue(FIRST_STATUS, wrong),
  v.maxValue(LAST_STATUS, wrong),
);

const ReasonSchema = v.lazy((input): v.GenericSchema<Failure> =>
  typeof input === "number" ? StatusSchema : WordSchema,
);

/** Every status and both other reasons, once each. */
const MAX_REASONS = LAST_STATUS - FIRST_STATUS + 3;

const RetrySchema = strictObject(
  {
    attempts: whole(1, MAX_RETRIES, 1),
    on: v.exactOptional(
      v.pipe(
        list(ReasonSchema, expected("be a list", 'write ["network", "timeout"]')),
        v.minLength(1, message("must name one failure at least", 'write ["network", "timeout"]')),
        v.maxLength(
          MAX_REASONS,
          message(() => `may name ${MAX_REASONS} failures at most`, "name each once"),
        ),
      ),
    ),
    backoffMs: v.exactOptional(whole(0, MAX_BACKOFF_MS, 100)),
  },
  words("retry"),
);

type RetryInput = v.InferOutput<typeof RetrySchema>;

const compile = ({ attempts, on = [...ALL_FAILURES], backoffMs }: RetryInput): Retry => ({
  attempts,
  on: new Set(on),
  backoffMs,
});

/** Tries after the first one, for requests that can be sent again. */
export const retry: SharedField<RetryInput, Retry | undefined> = {
  schema: () => RetrySchema,
  stands: "anywhere",
  atEnd: "nothing",
  inherited: true,
  asksWho: false,
  shared: true,
  names: "nothing",
  compile: (written, { once }) => written && once(written, compile),
  cacheKey: dependsOnNothing,
};
