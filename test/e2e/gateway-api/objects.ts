import { importManifests } from "../../../src/import/manifests.ts";
import { originOf } from "./backends.ts";
import { listOf, type Test } from "./cases.ts";

const API_VERSION = "gateway.networking.k8s.io/v1";

/** Routes of the data stand in no namespace: this is where Kubernetes puts such an object. */
const NAMESPACE = "default";

/** Ports of the Services: HTTP, and HTTP with WebSockets. */
const PORTS = [8080, 8082];

/** A test's Gateways and routes as objects of Kubernetes, as they would stand in a manifest. */
function objectsOf({ gateways = [], routes }: Test): unknown[] {
  return [
    ...gateways.map(({ name, listeners }) => ({
      apiVersion: API_VERSION,
      kind: "Gateway",
      metadata: { name, namespace: NAMESPACE },
      spec: {
        gatewayClassName: "switchyard",
        listeners: listeners.map((one) => ({ port: 80, protocol: "HTTP", ...one })),
      },
    })),
    ...routes.map(({ name, ...spec }) => ({
      apiVersion: API_VERSION,
      kind: "HTTPRoute",
      metadata: { name, namespace: NAMESPACE },
      spec,
    })),
  ];
}

const SERVICE = "Service";

/** What a test's backends are called that do not exist: Services of other names, and every other kind. */
function* nowhereIn({ routes }: Test, names: readonly string[]): Generator<string> {
  for (const { rules } of routes)
    for (const { backendRefs } of listOf(rules))
      for (const { kind = SERVICE, name, port } of listOf(backendRefs)) {
        const called = [...(kind === SERVICE ? [] : [kind]), name].join("/");
        if (!names.includes(called)) yield `${NAMESPACE}/${called}:${String(port)}`;
      }
}

/** The origin of every Service that exists, by `namespace/service:port`, and nothing for those that do not. */
const backendMap = (test: Test, names: readonly string[]): ReadonlyMap<string, string | null> =>
  new Map<string, string | null>([
    ...[...nowhereIn(test, names)].map((name): [string, null] => [name, null]),
    ...names.flatMap((name) =>
      PORTS.map((port): [string, string] => [`${NAMESPACE}/${name}:${port}`, originOf(name)]),
    ),
  ]);

/** What the importer makes of a test, with an origin for each of its backends. */
export const imported = (
  test: Test,
  backends: readonly string[],
): ReturnType<typeof importManifests> =>
  importManifests(objectsOf(test), backendMap(test, backends));
