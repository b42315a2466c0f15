import { asn } from "./asn.docs.ts";
import { bot } from "./bot.docs.ts";
import { continent } from "./continent.docs.ts";
import { cookie } from "./cookie.docs.ts";
import { country } from "./country.docs.ts";
import type { ConditionDocs } from "./docs-definition.ts";
import { eu } from "./eu.docs.ts";
import { header } from "./header.docs.ts";
import { host } from "./host.docs.ts";
import { language } from "./language.docs.ts";
import { method } from "./method.docs.ts";
import { path } from "./path.docs.ts";
import { query } from "./query.docs.ts";
import { region } from "./region.docs.ts";
import { scheme } from "./scheme.docs.ts";
import type { ConditionName } from "./index.ts";

/** What people read of each condition, in the order of the reference. */
export const CONDITION_DOCS: { readonly [TName in ConditionName]: ConditionDocs } = {
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
};
