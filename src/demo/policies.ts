import type { OriginUrls } from "./origins.ts";
import { CHECKOUT } from "./traffic/journey.ts";

/**
 * The demo's KV data: key → policy, one for every strategy and both kinds of tenant.
 * Written out as plain data, the way a person would put it into KV by hand.
 */
export function demoPolicies(urls: OriginUrls) {
  return {
    "single.localhost": { strategy: "single", origin: urls.single },

    "ab.localhost": {
      strategy: "weighted",
      variants: [
        { name: "control", origin: urls["ab-control"], weight: 50 },
        { name: "bold", origin: urls["ab-bold"], weight: 30 },
        { name: "calm", origin: urls["ab-calm"], weight: 20 },
      ],
      goals: [
        { name: "purchase", match: { path: CHECKOUT } },
        // The origins say what was bought: X-Switchyard-Goal.
        { name: "revenue", from: "origin", count: "every", cap: 500 },
      ],
    },

    "canary.localhost": {
      strategy: "canary",
      stable: urls["canary-stable"],
      canary: urls["canary-new"],
      percent: 20,
    },

    // Taken back by itself where it fails more visitors than stable does, or many in any minute.
    "guarded.localhost": {
      strategy: "canary",
      stable: urls["guarded-stable"],
      canary: urls["guarded-new"],
      percent: 25,
      guard: {
        checks: [
          { metric: "failures", maxIncrease: 1 },
          { metric: "failures", max: 5 },
        ],
        windowSeconds: 60,
      },
    },

    "bluegreen.localhost": {
      strategy: "blue-green",
      blue: urls.blue,
      green: urls.green,
      active: "blue",
    },

    "shop.localhost": {
      strategy: "path-map",
      paths: {
        "/admin": urls["shop-admin"],
        "/api": { origin: urls["shop-api"], stripPrefix: true },
        "/store": {
          strategy: "canary",
          stable: urls["store-stable"],
          canary: urls["store-new"],
          percent: 20,
        },
      },
      default: urls["shop-front"],
    },

    // The two storefronts of Cloudflare's own example, in its own form.
    storefrontA: { origin: urls.storefrontA },
    storefrontB: { origin: urls.storefrontB },
  } as const;
}

export type DemoPolicies = ReturnType<typeof demoPolicies>;
