import { describe, expect, test } from "vitest";

import { SEED } from "../../../src/lib/hash.ts";
import {
  COOKIE_VERSION,
  MAX_COOKIE_CHARS,
  MAX_FALLEN,
  MAX_PINS,
} from "../../../src/decide/visitor.ts";
import { MAX_VALUES } from "../../../src/lib/named-values.ts";
import { MAX_CONNECTION_NAMES } from "../../../src/gateway/forward/dropped-fields.ts";
import { MAX_LINKS } from "../../../src/gateway/respond/link.ts";
import { OVERRIDE_COOKIE } from "../../../src/override/token.ts";
import { MAX_MIRROR_BODY_BYTES } from "../../../src/gateway/forward/mirror.ts";
import { MAX_OVERRIDE_SECONDS } from "../../../src/gateway/decide-facts/overrides.ts";
import { MAX_TOKEN_CHARS } from "../../../src/override/token.ts";
import { MAX_LANGUAGE_CHARS } from "../../../src/policy/conditions/language-tags.ts";
import { DEFAULT_COOKIE_NAME } from "../../../src/policy/fields/sticky.ts";
import { MAX_HOST_LABELS } from "../../../src/policy/keys.ts";
import { MAX_SECRET_NAME_CHARS } from "../../../src/lib/secret-name.ts";
import { MAX_BINDING_CHARS } from "../../../src/lib/binding-name.ts";
import * as limits from "../../../src/policy/limits.ts";
import { grouped, page, tableOf } from "./markdown.ts";

const DAY_SECONDS = 86_400;
const reference = page("docs/policy.md");

/** Every row of the table of limits, by how it begins, and every constant of `limits.ts` that users meet. */
const LIMITS: readonly (readonly [row: string, value: number])[] = [
  ["policies inside one another", limits.MAX_DEPTH],
  ["prefixes of one path-map", limits.MAX_PREFIXES],
  ["mirrors of one policy", limits.MAX_MIRRORS],
  ["variants of one split", limits.MAX_VARIANTS],
  ["a weight", limits.MAX_WEIGHT],
  ["rules of one policy", limits.MAX_RULES],
  ["steps of one ramp", limits.MAX_STEPS],
  ["goals of one route", limits.MAX_GOALS],
  ["checks, and receivers, of one `guard`", limits.MAX_GUARD_CHECKS],
  ["`windowSeconds` of a `guard`", limits.MAX_WINDOW_SECONDS],
  ["`minVisitors` of a `guard`", limits.MAX_GUARD_VISITORS],
  ["`maxIncrease` of a latency, in percent", limits.MAX_LATENCY_INCREASE],
  ["the `cap` of a goal", limits.MAX_CAP],
  ["a hold or a drain", limits.MAX_HOLD_SECONDS],
  ["`timeoutMs`", limits.MAX_TIMEOUT_MS],
  ["`attempts`", limits.MAX_RETRIES],
  ["`backoffMs`", limits.MAX_BACKOFF_MS],
  ["`totalTimeoutMs`", limits.MAX_TOTAL_TIMEOUT_MS],
  ["`ttlSeconds`", limits.MAX_TTL_SECONDS],
  ["characters of a name", limits.MAX_NAME_CHARS],
  ["characters of a salt", limits.MAX_SALT_CHARS],
  ["characters of an origin's URL", limits.MAX_URL_CHARS],
  ["characters of an origin's `resolve`", limits.MAX_HOST_CHARS],
  ["characters of an origin's `via`", MAX_BINDING_CHARS],
  ["characters of a secret's name", MAX_SECRET_NAME_CHARS],
  ["characters of a header value", limits.MAX_HEADER_VALUE_CHARS],
  ["characters of a `body`", limits.MAX_BODY_CHARS],
  ["characters of a `contentType`", limits.MAX_MEDIA_TYPE_CHARS],
  ["entries in one list of `cors`", limits.MAX_CORS_ITEMS],
  ["`maxAgeSeconds` of `cors`", limits.MAX_CORS_AGE_SECONDS],
  ["characters of one policy's text", limits.MAX_TEXT_CHARS],
  ["nesting of the JSON", limits.MAX_JSON_DEPTH],
  ["pins in one cookie", MAX_PINS],
  ["pins told apart that fell out", MAX_FALLEN],
  ["characters of the cookie's value", MAX_COOKIE_CHARS],
  ["seconds a QA link's cookie lasts", MAX_OVERRIDE_SECONDS],
  ["characters of a QA token", MAX_TOKEN_CHARS],
  ["bytes of a mirrored body", MAX_MIRROR_BODY_BYTES],
  ["links of one answer", MAX_LINKS],
  ["names of one `Connection`", MAX_CONNECTION_NAMES],
  ["labels of a host", MAX_HOST_LABELS],
  ["regular expressions that one request may meet", limits.MAX_REGEXES_TOGETHER],
  ["`contains` that one request may meet", limits.MAX_TEXTS_TOGETHER],
  ["characters of a regular expression", limits.MAX_REGEX_CHARS],
  ["characters of Accept-Language", MAX_LANGUAGE_CHARS],
  ["policies in one policy, all told", limits.MAX_NODES],
  ["variants in one policy, all told", limits.MAX_VARIANTS_TOGETHER],
  ["rules in one policy, all told", limits.MAX_RULES_TOGETHER],
  ["header changes in one policy, all told", limits.MAX_EDITS],
  ["sources of one `by`", limits.MAX_SOURCES],
  ["names of one condition on headers, cookies or the query", limits.MAX_CONDITION_NAMES],
  ["values of one cookie or parameter", MAX_VALUES],
  ["characters of a prefix", limits.MAX_PREFIX_CHARS],
  ["characters of a value that a condition compares", limits.MAX_COMPARED_CHARS],
  ["bytes of memory beside the text", limits.MAX_COMPILED_BYTES],
];

/** Numbers inside sentences. */
const SENTENCES: readonly string[] = [
  `One expression may cost ${grouped(limits.MAX_REGEX_COST)}, all that one request may meet in a policy ${grouped(limits.MAX_REGEX_COST_TOGETHER)} together`,
  `Longer values than ${limits.MAX_REGEX_VALUE_CHARS} characters never fit.`,
  `A host with more than ${MAX_HOST_LABELS} labels is matched against the wildcards of its last ${MAX_HOST_LABELS}.`,
  `Weights are whole numbers from 0 to ${grouped(limits.MAX_WEIGHT)} with a sum above 0.`,
  `| \`timeoutMs\` | 1…${grouped(limits.MAX_TIMEOUT_MS)} | until the origin's response head. Default ${grouped(limits.DEFAULT_TIMEOUT_MS)} |`,
  `1…${limits.MAX_RETRIES} tries after the first`,
  `defaults: \`${DEFAULT_COOKIE_NAME}\`, ${grouped(limits.DEFAULT_TTL_SECONDS)} (${limits.DEFAULT_TTL_SECONDS / DAY_SECONDS} days), none, \`lax\`, false`,
  `Its value is \`${COOKIE_VERSION}.<id><check>.<first seen>.<sent>\``,
  `At most ${MAX_PINS} pins and ${grouped(MAX_COOKIE_CHARS)} characters; the oldest pins go first.`,
  `for each of up to ${MAX_FALLEN} pins that fell out`,
  `keeps it in the cookie \`${OVERRIDE_COOKIE}\` (HttpOnly, no longer than a day)`,
  "Policies nest through `paths`, `default` and rules, four deep at most",
  `| split, canary | ${SEED.split} |`,
  `| split, weighted | ${SEED.split} |`,
  `| coverage | ${SEED.coverage} |`,
  `| group | ${SEED.group} |`,
  `| mirror | ${SEED.mirror} |`,
];

describe("numbers of the reference are those of the code:", () => {
  const rows = tableOf(reference, "what", "limit").rows;

  test.each(LIMITS)("%s", (begin, value) => {
    const row = rows.filter(([first = ""]) => first.startsWith(begin));
    expect(row.map(([, cell]) => cell)).toEqual([grouped(value)]);
  });

  test("no row of the table is left untested", () => {
    expect(rows).toHaveLength(LIMITS.length);
  });

  test.each(SENTENCES)("%s", (sentence) => {
    expect(reference.text).toContain(sentence);
  });

  test("four and a day, as words", () => {
    expect([limits.MAX_DEPTH, MAX_OVERRIDE_SECONDS]).toEqual([4, DAY_SECONDS]);
  });
});
