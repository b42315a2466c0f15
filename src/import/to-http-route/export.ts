import { Place } from "../place.ts";
import { ObjectReports, type LocatedReport } from "../report.ts";
import { linesOf, type RouteLine } from "./lines.ts";
import { demandOrder } from "./order.ts";
import { Services } from "./services.ts";
import { Names } from "../names.ts";

/** A route as it is to be written. */
export interface ExportedRoute {
  readonly key: string;
  readonly policy: unknown;
}

/** HTTPRoutes, the origins of the Services in them, and what could not be said. */
export interface Exported {
  readonly manifests: readonly object[];
  readonly backends: Readonly<Record<string, string>>;
  readonly reports: readonly LocatedReport[];
}

/** Rules of one HTTPRoute, at most: the API's own bound. */
const MAX_RULES = 16;

/** The key of everything that no host has. */
const ANY = "*";

const nameOf = (key: string): string =>
  key === ANY ? "any-host" : key.replace(/^\*/, "wildcard").replaceAll(".", "-");

const ruleOf = ({ matches, rule }: RouteLine): object =>
  matches.length === 1 && Object.keys(matches[0] ?? {}).length === 0 ? rule : { matches, ...rule };

function manifestsOf(key: string, lines: readonly RouteLine[], names: Names): object[] {
  const name = names.take(nameOf(key));
  const parts = Array.from({ length: Math.ceil(lines.length / MAX_RULES) }, (_, part) =>
    lines.slice(part * MAX_RULES, (part + 1) * MAX_RULES),
  );
  return parts.map((part, index) => ({
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "HTTPRoute",
    // Of routes with equal matches the API takes the name that is first in the alphabet.
    metadata: { name: parts.length === 1 ? name : `${name}-${String(index).padStart(3, "0")}` },
    spec: {
      ...(key === ANY ? {} : { hostnames: [key] }),
      rules: part.map(ruleOf),
    },
  }));
}

/**
 * Writes routes as HTTPRoutes of the Gateway API, as far as they can say what the policies say. A
 * route that cannot be said is left out whole, and everything that keeps it from it is told.
 */
export function exportHttpRoutes(routes: Iterable<ExportedRoute>): Exported {
  const services = new Services();
  const names = new Names();
  const manifests: object[] = [];
  const reports: LocatedReport[] = [];
  let count = 0;
  for (const { key, policy } of routes) {
    const told = new ObjectReports(`route ${key}`, count);
    count += 1;
    const place = new Place(policy, "", told);
    if (key !== ANY && !key.includes("."))
      place.error("cannot be said: a tenant is known by the path, and an HTTPRoute is for hosts");
    const lines = linesOf(place, {}, services);
    demandOrder(lines);
    if (!told.isRefused) manifests.push(...manifestsOf(key, lines, names));
    reports.push(...told.reports);
  }
  return { manifests, backends: services.backends, reports };
}
