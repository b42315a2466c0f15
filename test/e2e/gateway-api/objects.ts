import { importManifests } from "../../../src/import/manifests.ts";
import { originOf } from "./backends.ts";
import type { Test } from "./cases.ts";

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

/** The origin of every Service that exists, by `namespace/service:port`. */
const backendMap = (names: readonly string[]): ReadonlyMap<string, string> =>
  new Map(
    names.flatMap((name) => PORTS.map((port) => [`${NAMESPACE}/${name}:${port}`, originOf(name)])),
  );

/** What the importer makes of a test, with an origin for each of its backends. */
export const imported = (
  test: Test,
  backends: readonly string[],
): ReturnType<typeof importManifests> => importManifests(objectsOf(test), backendMap(backends));
