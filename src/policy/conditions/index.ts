import { asn } from "./asn.ts";
import { bot } from "./bot.ts";
import { continent } from "./continent.ts";
import { cookie } from "./cookie.ts";
import { country } from "./country.ts";
import type { ConditionDefinition } from "./definition.ts";
import { eu } from "./eu.ts";
import { header } from "./header.ts";
import { host } from "./host.ts";
import { language } from "./language.ts";
import { method } from "./method.ts";
import { path } from "./path.ts";
import { query } from "./query.ts";
import { region } from "./region.ts";
import { scheme } from "./scheme.ts";

/** What a rule may match on, by the name of the field of `match`, in the order they are tried: the cheap ones first. */
export const CONDITIONS = {
  scheme,
  host,
  method,
  path,
  header,
  query,
  cookie,
  country,
  continent,
  region,
  asn,
  eu,
  language,
  bot,
} as const;

export type ConditionName = keyof typeof CONDITIONS;

type WrittenOf<T> =
  T extends ConditionDefinition<infer TWritten, infer _TCompiled> ? TWritten : never;

/** What a request must be for a rule to take it; all that stands here must hold. */
export type MatchInput = {
  [TName in ConditionName]?: WrittenOf<(typeof CONDITIONS)[TName]>;
};
