import { assetRescue } from "./asset-rescue.ts";
import { bots } from "./bots.ts";
import { cache } from "./cache.ts";
import { consent } from "./consent.ts";
import { cors } from "./cors.ts";
import { coverage } from "./coverage.ts";
import type { FieldDefinition } from "./definition.ts";
import { epoch } from "./epoch.ts";
import { experiment } from "./experiment.ts";
import { fallback } from "./fallback.ts";
import { force } from "./force.ts";
import { goals } from "./goals.ts";
import { guard } from "./guard.ts";
import { group } from "./group.ts";
import { headers } from "./headers.ts";
import { mirror } from "./mirror.ts";
import { override } from "./override.ts";
import { rescue } from "./rescue.ts";
import { retry } from "./retry.ts";
import { rewrite } from "./rewrite.ts";
import { rules } from "./rules.ts";
import { salt } from "./salt.ts";
import { sticky } from "./sticky.ts";
import { stripPrefix } from "./strip-prefix.ts";
import { timeoutMs } from "./timeout-ms.ts";
import { totalTimeoutMs } from "./total-timeout-ms.ts";
import { visitorHeader } from "./visitor-header.ts";

/** The fields that every policy may carry, by name. */
export const FIELDS = {
  salt,
  epoch,
  experiment,
  sticky,
  rules,
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
  force,
} as const;

export type FieldName = keyof typeof FIELDS;

type WrittenOf<T> = T extends FieldDefinition<infer TWritten, infer _TCompiled> ? TWritten : never;
type CompiledOf<T> =
  T extends FieldDefinition<infer _TWritten, infer TCompiled> ? TCompiled : never;

/** What a policy may write of them. */
export type WrittenFields = {
  [TName in FieldName]?: WrittenOf<(typeof FIELDS)[TName]>;
};

/** What a policy that ends in an origin has of them, defaults and inheritance applied. */
export type CompiledFields = {
  readonly [TName in FieldName]: CompiledOf<(typeof FIELDS)[TName]>;
};
