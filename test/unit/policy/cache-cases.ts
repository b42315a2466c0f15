import { MAX_CACHE_SECONDS, MAX_CACHE_VARY } from "../../../src/policy/limits.ts";
import type { Case } from "./common-fields.ts";

const names = (count: number) => Array.from({ length: count }, (_, index) => `x-${index}`);

/** Values of `cache`, and those it may not have with the place that is told. */
export const CACHE: Case = [
  [
    { ttlSeconds: 0 },
    { ttlSeconds: MAX_CACHE_SECONDS },
    { ttlSeconds: 1, vary: [] },
    { ttlSeconds: 60, vary: ["Accept-Language", "x-app", "cookie", "CF-IPCountry", "accept"] },
    { ttlSeconds: 60, vary: names(MAX_CACHE_VARY) },
  ],
  [
    [{}, ".ttlSeconds"],
    [{ ttlSeconds: -1 }, ".ttlSeconds"],
    [{ ttlSeconds: MAX_CACHE_SECONDS + 1 }, ".ttlSeconds"],
    [{ ttlSeconds: 1.5 }, ".ttlSeconds"],
    [{ ttlSeconds: "60" }, ".ttlSeconds"],
    [{ ttlSeconds: 60, ttl: 1 }, ".ttl"],
    [{ ttlSeconds: 60, vary: "accept" }, ".vary"],
    [{ ttlSeconds: 60, vary: names(MAX_CACHE_VARY + 1) }, ".vary"],
    ...[
      "a b",
      "",
      "*",
      "Authorization",
      "range",
      "Host",
      "x-forwarded-host",
      "X_Forwarded_For",
      "x-switchyard-visitor",
      "x-http-method-override",
      "cf-connecting-ip",
      1,
    ].map((name): [unknown, string] => [{ ttlSeconds: 60, vary: [name] }, ".vary[0]"]),
    [60, ""],
    [true, ""],
    [null, ""],
  ],
];
