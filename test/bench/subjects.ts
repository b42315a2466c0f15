import { pinOf } from "../../src/decide/visitor.ts";
import type { Native } from "./native.ts";
import { browserGet, HOST, visitorCookies } from "./requests.ts";

export type Code =
  | "floor"
  | "same-duty"
  | "ab-example"
  | "kv-example"
  | "hono-split"
  | "growthbook-edge"
  | "kv-service"
  | "hub"
  | "switchyard"
  /** Switchyard as it was at the commit that is compared with. */
  | "before";

/** One line of the table: a Worker, its data, and the requests it gets. */
export interface Subject {
  readonly name: string;
  readonly code: Code | Native;
  readonly kv: ReadonlyMap<string, string>;
  /** KV inside the Worker's own process, as `wrangler dev` has it; elsewhere it is another process, uncounted. */
  readonly kvInside?: boolean;
  /** What the Worker calls its namespace; ROUTING_CONFIG where nothing is said. */
  readonly kvBinding?: string;
  readonly requests: readonly Buffer[];
  readonly vars?: Readonly<Record<string, string>>;
  /** Whether there is a hub to report to, one that answers and does nothing. */
  readonly hub?: boolean;
  /** The line whose cost this one is to be held against, beside the floor and the same-duty Worker. */
  readonly over?: string;
}

const TENANTS = 10_000;
const PREFIXES = 10_000;
const VISITORS = 1000;

/** Rotations step by this, which shares no factor with the counts: neighbours in a map are not neighbours in time. */
const STRIDE = 7919;

/** Long enough for no refresh to fall into a run: these lines are about memory with many keys, not about KV. */
const NO_REFRESH = { MEMORY_TTL_SECONDS: "3600" };

const cookies = visitorCookies(VISITORS);
const returning = cookies.map((cookie) => browserGet({ cookie }));
const strangers = [browserGet()];

const byHost = (policy: unknown) => new Map([[HOST, JSON.stringify(policy)]]);
const rotated = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make((index * STRIDE) % count));

/** All lines, in the table's order; `origin` is the URL of the one origin behind them all. */
export function subjects(origin: string): Subject[] {
  const two = [
    { name: "control", origin, weight: 90 },
    { name: "treatment", origin, weight: 10 },
  ];
  const eight = Array.from({ length: 8 }, (_, index) => ({ name: `v${index}`, origin, weight: 1 }));
  const weighted = { strategy: "weighted", variants: two };
  // A route's salt is its key, unless a policy says otherwise.
  const salt = HOST;
  const pinned = visitorCookies(VISITORS, [
    `${pinOf(salt, "control").split}-${pinOf(salt, "control").variant}`,
  ]).map((cookie) => browserGet({ cookie }));
  const paths = (count: number) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, index) => [`/store/department-${index}/products`, origin]),
    );
  const mapped = (count: number) =>
    rotated(count, (index) =>
      browserGet({
        cookie: cookies[index % VISITORS],
        path: `/store/department-${index}/products/42?ref=mail`,
      }),
    );
  const tenants = (count: number) =>
    new Map(
      Array.from({ length: count }, (_, index) => [`tenant-${index}`, JSON.stringify({ origin })]),
    );
  const byTenant = (count: number) =>
    rotated(count, (index) =>
      browserGet({
        cookie: cookies[index % VISITORS],
        path: `/tenant-${index}/products/42?ref=mail`,
      }),
    );
  const ours = (
    name: string,
    policy: unknown,
    requests: readonly Buffer[] = returning,
  ): Subject => ({ name, code: "switchyard", kv: byHost(policy), requests });
  const none = new Map<string, string>();
  const sticky = [browserGet({ cookie: "SRV=control" }), browserGet({ cookie: "SRV=treatment" })];
  return [
    { name: "bare pass-through", code: "floor", kv: none, requests: returning },
    { name: "same duty, hard-coded", code: "same-duty", kv: none, requests: returning },
    { name: "KV documentation example", code: "kv-example", kv: tenants(1), requests: byTenant(1) },
    {
      name: "KV example, KV in process",
      code: "kv-example",
      kv: tenants(1),
      kvInside: true,
      requests: byTenant(1),
    },
    ours("weighted, sticky hash", weighted),
    ours("weighted, sticky pin", { ...weighted, sticky: { mode: "pin" } }, pinned),
    ours("weighted, not sticky", { ...weighted, sticky: false }),
    ours("weighted, new visitors", weighted, strangers),
    ours("weighted of 8", { strategy: "weighted", variants: eight }),
    ours("weighted, header edits", {
      ...weighted,
      headers: {
        request: { set: { "x-shop": "1" }, remove: ["x-debug"] },
        response: { set: { "x-frame-options": "DENY" }, remove: ["server"] },
      },
    }),
    ours("single", { origin }),
    ours("canary", { strategy: "canary", stable: origin, canary: origin, percent: 5 }),
    ours("blue-green", { strategy: "blue-green", blue: origin, green: origin, active: "blue" }),
    ours("rules, 10", {
      ...weighted,
      rules: Array.from({ length: 10 }, (_, index) => ({
        match: { header: { "x-segment": `s${index}` } },
        variant: "treatment",
      })),
    }),
    { ...ours("path-map of 1", { strategy: "path-map", paths: paths(1) }, mapped(1)) },
    {
      ...ours(
        "path-map of 10 000",
        { strategy: "path-map", paths: paths(PREFIXES) },
        mapped(PREFIXES),
      ),
      over: "path-map of 1",
    },
    {
      name: "1 tenant by path",
      code: "switchyard",
      kv: tenants(1),
      requests: byTenant(1),
      vars: NO_REFRESH,
    },
    {
      name: "10 000 tenants by path",
      code: "switchyard",
      kv: tenants(TENANTS),
      requests: byTenant(TENANTS),
      vars: { ...NO_REFRESH, MAX_ROUTES: "20000" },
      over: "1 tenant by path",
    },
    { name: "nginx, split_clients", code: "nginx", kv: none, requests: returning },
    { name: "HAProxy, sticky cookie", code: "haproxy", kv: none, requests: sticky },
  ];
}
