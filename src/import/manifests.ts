import { BackendTable, type Backends } from "./backends.ts";
import { readGateway, type Gateways } from "./http-route/gateways.ts";
import { readHttpRoute } from "./http-route/route.ts";
import { readIngress } from "./ingress-nginx/ingress.ts";
import { Ingresses } from "./ingress-nginx/table.ts";
import { objectsIn, type Manifest } from "./objects.ts";
import { policiesOf, type Imported } from "./policies.ts";
import { ObjectReports } from "./report.ts";

/** Kinds that say nothing about which request goes where. */
const SILENT = new Set([
  "ConfigMap",
  "CronJob",
  "DaemonSet",
  "Deployment",
  "GatewayClass",
  "HorizontalPodAutoscaler",
  "IngressClass",
  "Job",
  "Namespace",
  "NetworkPolicy",
  "PodDisruptionBudget",
  "ReferenceGrant",
  "ReplicaSet",
  "Role",
  "RoleBinding",
  "Secret",
  "Service",
  "ServiceAccount",
  "StatefulSet",
]);

const GATEWAY_API = ["gateway.networking.k8s.io/v1", "gateway.networking.k8s.io/v1beta1"];

/** The kinds that are read, and the versions of them. */
const VERSIONS: Readonly<Record<string, readonly string[]>> = {
  HTTPRoute: GATEWAY_API,
  Gateway: GATEWAY_API,
  Ingress: ["networking.k8s.io/v1"],
};

function tellKind({ kind, apiVersion, root }: Manifest): boolean {
  const versions = Object.hasOwn(VERSIONS, kind) ? VERSIONS[kind] : undefined;
  if (versions?.includes(apiVersion) === true) return true;
  if (versions !== undefined)
    root
      .at("apiVersion")
      .error(`must be ${versions.join(" or ")}: other versions have other fields`);
  else if (SILENT.has(kind)) root.at("kind").warning("is left out: it says nothing about routes");
  else root.at("kind").error(`is none of ${Object.keys(VERSIONS).join(", ")}, which are read`);
  return false;
}

/** Tells of objects that stand there twice: a cluster would keep one of them. */
function tellTwins(objects: readonly Manifest[]): void {
  const seen = new Set<string>();
  for (const { reports, root } of objects) {
    if (seen.has(reports.object))
      root
        .at("metadata")
        .at("name")
        .warning("stands there before: a cluster keeps the last alone, here both count");
    seen.add(reports.object);
  }
}

const ofKind = (objects: readonly Manifest[], wanted: string): readonly Manifest[] =>
  objects.filter(({ kind }) => kind === wanted);

/**
 * Imports the objects of Kubernetes manifests: HTTPRoutes, with the hostnames of the Gateways that
 * are there too, and Ingresses with the canary annotations of ingress-nginx. `documents` are YAML or JSON documents, already parsed; `backends` names an origin
 * for each `namespace/service:port`. Never throws: whatever is wrong is told, all at once.
 */
export function importManifests(documents: readonly unknown[], backends: Backends): Imported {
  const found = [...objectsIn(documents)];
  const objects = found.flatMap((one) => (one instanceof ObjectReports ? [] : [one]));
  const table = new BackendTable(backends);
  const read = objects.filter(tellKind);
  tellTwins(read);
  const gateways: Gateways = new Map(
    ofKind(read, "Gateway").map((one) => [`${one.namespace}/${one.name}`, readGateway(one)]),
  );
  const routes = ofKind(read, "HTTPRoute").flatMap((one) => readHttpRoute(one, gateways, table));
  const ingresses = new Ingresses(ofKind(read, "Ingress").map((one) => readIngress(one, table)));
  const policies = policiesOf(() => [...routes, ...ingresses.table()]);
  ingresses.tellOrphans();
  const reports = found.flatMap((one) =>
    one instanceof ObjectReports ? one.reports : one.reports.reports,
  );
  return { policies, reports, missing: table.missing };
}
