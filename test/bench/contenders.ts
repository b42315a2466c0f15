import { counted, guardedSplit, newcomers, returning, RETURNING } from "./counting.ts";
import { browserGet, HOST } from "./requests.ts";
import { subjects, type Subject } from "./subjects.ts";

export const NEWCOMERS = "Switchyard, new visitors";
const BEFORE = "Switchyard before, returning visitors";
export const FLOOR = "bare pass-through";
export const SAME_DUTY = "same duty, hard-coded";
export const KV_EXAMPLE = "KV documentation example";
export const ONE_TENANT = "1 tenant by path";
export const MANY_TENANTS = "10 000 tenants by path";

/** Lines of subjects.ts that stand among the contenders too. */
const SHARED = [FLOOR, SAME_DUTY, KV_EXAMPLE, ONE_TENANT, MANY_TENANTS];
const NATIVE = ["nginx, split_clients", "HAProxy, sticky cookie"];

/** The feature payload that GrowthBook keeps in KV: one experiment that leads a tenth of the visitors to another page. */
const growthBookPayload = JSON.stringify({
  features: {},
  experiments: [
    {
      key: "checkout",
      changeId: "checkout",
      status: "running",
      hashAttribute: "id",
      hashVersion: 2,
      variations: [{}, { urlRedirect: `http://${HOST}/store/products/43` }],
      weights: [0.9, 0.1],
      coverage: 1,
      persistQueryString: true,
      urlPatterns: [{ include: true, type: "simple", pattern: "/store/products/42" }],
    },
  ],
});

const VISITORS = 1000;

/** A cookie of each visitor that the contender knows them by. */
const knownBy = (cookieOf: (index: number) => string): Buffer[] =>
  Array.from({ length: VISITORS }, (_, index) => browserGet({ cookie: cookieOf(index) }));

const uuid = (index: number) =>
  `${index.toString(16).padStart(8, "0")}-7a51-4c02-9d6e-5b1f3c8a7e20`;

function others(origin: string): Subject[] {
  const none = new Map<string, string>();
  return [
    {
      name: "A/B documentation example",
      code: "ab-example",
      kv: none,
      requests: knownBy((index) => `ab-example=${index % 2 === 0 ? "control" : "test"}`),
    },
    {
      name: "Hono's proxy, cookie split",
      code: "hono-split",
      kv: none,
      requests: knownBy((index) => `hono-split=${index % 10 === 0 ? "treatment" : "control"}`),
    },
    {
      name: "GrowthBook's edge app",
      code: "growthbook-edge",
      kv: new Map([["gb_payload", growthBookPayload]]),
      kvBinding: "KV_GB_PAYLOAD",
      requests: knownBy((index) => `gbuuid=${uuid(index)}`),
      vars: {
        NODE_ENV: "production",
        PROXY_TARGET: origin,
        GROWTHBOOK_API_HOST: origin,
        GROWTHBOOK_CLIENT_KEY: "sdk-bench",
        RUN_VISUAL_EDITOR_EXPERIMENTS: "edge",
        RUN_URL_REDIRECT_EXPERIMENTS: "edge",
      },
    },
  ];
}

/** What a team chooses between: the realistic ways to split traffic on Workers, the floor below them, and what is not a Worker at all. */
export function contenders(origin: string): Subject[] {
  const known = subjects(origin);
  const named = (names: readonly string[]) => known.filter(({ name }) => names.includes(name));
  const ours = { ...counted(RETURNING, origin, returning()), over: BEFORE };
  return [
    ...named(SHARED.slice(0, 3)),
    ...others(origin),
    ours,
    { ...counted(BEFORE, origin, returning()), code: "before" },
    { ...counted(NEWCOMERS, origin, newcomers()), over: RETURNING },
    ...named(SHARED.slice(3)),
    ...named(NATIVE),
  ];
}

export const COLD = "Switchyard, a policy of 100 KB";

/** Prefixes of a path-map whose text is a hundred thousand characters long. */
const PREFIXES = 1850;

/** A cold isolate's first request meets a large policy: a hundred kilobytes of prefixes, one of which is a split. */
export function largePolicy(origin: string): Subject {
  const { goals: _, ...split } = guardedSplit(origin);
  const paths: Record<string, unknown> = { "/store": split };
  for (let index = 1; index < PREFIXES; index += 1)
    paths[`/shop/department-${index}/products`] = origin;
  // The first of them asks for a path that is none of the map's.
  return counted(COLD, origin, returning().slice(1), { strategy: "path-map", paths });
}

/** Lines whose cold starts differ by one thing each: what is asked of the Worker beside forwarding, and how large the policy is. */
export function coldLines(origin: string): Subject[] {
  const known = subjects(origin);
  const named = [FLOOR, SAME_DUTY, KV_EXAMPLE, "single", "weighted, sticky hash"];
  return [
    ...named.flatMap((wanted) => known.filter(({ name }) => name === wanted)),
    counted(RETURNING, origin, returning()),
    largePolicy(origin),
  ];
}
