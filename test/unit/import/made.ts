import { importManifests } from "../../../src/import/manifests.ts";
import type { Imported } from "../../../src/import/policies.ts";

/** An origin for every Service that these tests name. */
const BACKENDS: ReadonlyMap<string, string> = new Map(
  ["a", "b", "c"].map((name) => [`default/${name}:80`, originOf(name)]),
);

export function originOf(name: string): string {
  return `https://${name}.origin.example`;
}

/** An HTTPRoute, called `route` unless it says otherwise, for `shop.example.com`. */
export const httpRoute = (spec: object, metadata: object = {}): object => ({
  apiVersion: "gateway.networking.k8s.io/v1",
  kind: "HTTPRoute",
  metadata: { name: "route", ...metadata },
  spec: { hostnames: ["shop.example.com"], ...spec },
});

/** A reference to a Service. */
export const to = (name: string, more: object = {}): object => ({ name, port: 80, ...more });

/** A rule that leads to `a`. */
export const rule = (more: object = {}): object => ({ backendRefs: [to("a")], ...more });

/** An HTTPRoute with one filter. */
export const withFilter = (filter: object, more: object = {}): object =>
  httpRoute({ rules: [rule({ filters: [filter], ...more })] });

/** An HTTPRoute that redirects everything. */
export const redirectTo = (requestRedirect: object): object =>
  httpRoute({ rules: [{ filters: [{ type: "RequestRedirect", requestRedirect }] }] });

/** An HTTPRoute with one match. */
export const matching = (match: object): object =>
  httpRoute({ rules: [rule({ matches: [match] })] });

/** An Ingress, called `main` unless it says otherwise, that leads every path of `shop.example.com` to `a`. */
export const ingress = (
  annotations: Readonly<Record<string, unknown>> = {},
  { name = "main", service = "a", spec = {}, path = {} }: IngressParts = {},
): object => ({
  apiVersion: "networking.k8s.io/v1",
  kind: "Ingress",
  metadata: {
    name,
    annotations: Object.fromEntries(
      Object.entries(annotations).map(([key, value]) => [
        key.includes("/") ? key : `nginx.ingress.kubernetes.io/${key}`,
        value,
      ]),
    ),
  },
  spec: {
    rules: [
      {
        host: "shop.example.com",
        http: {
          paths: [
            {
              path: "/",
              pathType: "Prefix",
              backend: { service: { name: service, port: { number: 80 } } },
              ...path,
            },
          ],
        },
      },
    ],
    ...spec,
  },
});

interface IngressParts {
  readonly name?: string;
  readonly service?: string;
  readonly spec?: object;
  readonly path?: object;
}

/** The canary of {@link ingress}, that leads to `b`. */
export const canary = (annotations: Readonly<Record<string, unknown>>, parts: IngressParts = {}) =>
  ingress({ canary: "true", ...annotations }, { name: "canary", service: "b", ...parts });

export const imported = (...objects: readonly unknown[]): Imported =>
  importManifests(objects, BACKENDS);

/** The reports in short: `error spec.rules[0]`, with the object where there is more than one. */
export const told = ({ reports }: Imported): string[] =>
  reports.map(({ level, field }) => `${level} ${field}`);

/** The policy of `shop.example.com`. */
export const shop = (...objects: readonly unknown[]): unknown =>
  imported(...objects).policies["shop.example.com"];
