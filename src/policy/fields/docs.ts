import { assetRescue } from "./asset-rescue.docs.ts";
import { bots } from "./bots.docs.ts";
import { cache } from "./cache.docs.ts";
import { consent } from "./consent.docs.ts";
import { cors } from "./cors.docs.ts";
import { coverage } from "./coverage.docs.ts";
import { epoch } from "./epoch.docs.ts";
import { experiment } from "./experiment.docs.ts";
import { fallback } from "./fallback.docs.ts";
import { force } from "./force.docs.ts";
import { goals } from "./goals.docs.ts";
import { group } from "./group.docs.ts";
import { guard } from "./guard.docs.ts";
import { headers } from "./headers.docs.ts";
import { mirror } from "./mirror.docs.ts";
import { override } from "./override.docs.ts";
import { rescue } from "./rescue.docs.ts";
import { retry } from "./retry.docs.ts";
import { rewrite } from "./rewrite.docs.ts";
import { rules } from "./rules.docs.ts";
import { salt } from "./salt.docs.ts";
import { sticky } from "./sticky.docs.ts";
import { stripPrefix } from "./strip-prefix.docs.ts";
import { timeoutMs } from "./timeout-ms.docs.ts";
import { totalTimeoutMs } from "./total-timeout-ms.docs.ts";
import { visitorHeader } from "./visitor-header.docs.ts";
import type { FieldText } from "./docs-definition.ts";
import type { FieldName } from "./index.ts";

/** What people read of each common field, in the order of the reference. */
export const FIELD_DOCS: { readonly [TName in FieldName]: FieldText } = {
  salt,
  epoch,
  experiment,
  sticky,
  rules,
  force,
  coverage,
  group,
  headers,
  stripPrefix,
  rewrite,
  cors,
  timeoutMs,
  totalTimeoutMs,
  retry,
  rescue,
  assetRescue,
  fallback,
  mirror,
  override,
  bots,
  consent,
  cache,
  visitorHeader,
  goals,
  guard,
};
