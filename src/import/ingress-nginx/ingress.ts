import { serviceName, type BackendTable } from "../backends.ts";
import type { PathMatch } from "../entry.ts";
import { ANY_HOST, readHostname } from "../hostname.ts";
import { MAX_PORT } from "../http-route/gateways.ts";
import { readPath } from "../http-route/matches.ts";
import type { Manifest } from "../objects.ts";
import { itemsOf, type Children, type Place } from "../place.ts";
import {
  AFFINITY_ANNOTATIONS,
  Annotations,
  CANARY_ANNOTATIONS,
  HTTPS_ANNOTATIONS,
} from "./annotations.ts";
import { checkAffinity } from "./affinity.ts";
import { readCanary, type CanarySettings } from "./canary.ts";

/** A path of an Ingress, and where its requests go. */
export interface IngressPath {
  readonly place: Place;
  readonly backend: Place;
  readonly host: string;
  readonly path: PathMatch;
  readonly origin: string;
  /** What it is called in a policy. */
  readonly name: string;
}

/** An Ingress, read. */
export interface Ingress {
  readonly manifest: Manifest;
  readonly annotations: Annotations;
  readonly paths: readonly IngressPath[];
  readonly rules: Place;
  /** Where it is a canary, what it says of that. */
  readonly canary: CanarySettings | undefined;
  /** Hosts that it has certificates for; `*` for all of its own. */
  readonly tls: readonly string[];
}

const EVERY_PATH: PathMatch = { kind: "prefix", value: "" };

function readPort(port: Place): string | number | undefined {
  const fields = port.fields(["name", "number"]);
  const number = fields?.get("number");
  const name = fields?.get("name");
  if (number !== undefined && name !== undefined) return name.error('stands beside "number"');
  return number?.whole(1, MAX_PORT) ?? name?.text();
}

/** The origin of a backend. */
function readBackend(place: Place, namespace: string, backends: BackendTable): string | undefined {
  const fields = place.fields(["service", "resource"]);
  fields?.get("resource")?.error("cannot be said: only Services can be named origins");
  const service = fields?.get("service")?.fields(["name", "port"]);
  const name = service?.get("name")?.text();
  const port = service?.get("port");
  if (service === undefined) {
    if (fields?.has("resource") === false) place.at("service").error("is missing");
    return undefined;
  }
  for (const needed of ["name", "port"])
    if (!service.has(needed)) place.at("service").at(needed).error("is missing");
  const numbered = port && readPort(port);
  if (name === undefined || numbered === undefined) return undefined;
  return backends.find(serviceName(namespace, name, numbered), place);
}

function readKind(fields: Children, place: Place): PathMatch["kind"] | undefined {
  const type = fields.get("pathType");
  if (type === undefined) return place.at("pathType").error("is missing");
  const word = type.word(["Exact", "Prefix", "ImplementationSpecific"]);
  return word === "Exact" ? "exact" : word && "prefix";
}

function readIngressPath(
  place: Place,
  host: string,
  name: string,
  { namespace }: Manifest,
  backends: BackendTable,
): IngressPath[] {
  const fields = place.fields(["path", "pathType", "backend"]);
  if (fields === undefined) return [];
  const kind = readKind(fields, place);
  const at = fields.get("path");
  const path = at === undefined ? "/" : readPath(at);
  const backend = fields.get("backend");
  if (backend === undefined) place.at("backend").error("is missing");
  const origin = backend && readBackend(backend, namespace, backends);
  if (kind !== "exact" && path?.includes("*") === true)
    at?.error("cannot be said: a star inside a prefix; an exact path may hold one");
  if (kind === undefined || path === undefined || origin === undefined) return [];
  const value = kind === "exact" ? path : path.replace(/\/$/, "");
  return [{ place, backend: backend ?? place, host, path: { kind, value }, origin, name }];
}

function readRules(manifest: Manifest, spec: Children, backends: BackendTable): IngressPath[] {
  const { namespace, name } = manifest;
  const fallback = spec.get("defaultBackend");
  const origin = fallback && readBackend(fallback, namespace, backends);
  const otherwise = (host: string): IngressPath[] =>
    fallback === undefined || origin === undefined
      ? []
      : [{ place: fallback, backend: fallback, host, path: EVERY_PATH, origin, name }];
  const rules = itemsOf(spec.get("rules"));
  if (rules.length === 0) return otherwise(ANY_HOST);
  return rules.flatMap((rule, index) => {
    const fields = rule.fields(["host", "http"]);
    const at = fields?.get("host");
    const host = at === undefined || at.value === "" ? ANY_HOST : readHostname(at);
    const http = fields?.get("http");
    if (http === undefined && fallback === undefined)
      rule.warning("leads nowhere: it has no paths, and there is no defaultBackend");
    const list = http?.fields(["paths"])?.get("paths");
    const paths = itemsOf(list).flatMap((place, number) =>
      readIngressPath(place, host ?? ANY_HOST, `${name}-${index}-${number}`, manifest, backends),
    );
    if (host === undefined) return [];
    const isWhole = paths.some(({ path }) => path.kind === "prefix" && path.value === "");
    return isWhole ? paths : [...paths, ...otherwise(host)];
  });
}

function readTls(tls: Place | undefined): string[] {
  return itemsOf(tls).flatMap((item) => {
    const fields = item.fields(["hosts", "secretName"]);
    const hosts = itemsOf(fields?.get("hosts"));
    return hosts.length === 0 ? [ANY_HOST] : hosts.flatMap((host) => readHostname(host) ?? []);
  });
}

/** Reads an Ingress with the annotations of ingress-nginx. */
export function readIngress(manifest: Manifest, backends: BackendTable): Ingress {
  const { root, fields } = manifest;
  root.fields(["apiVersion", "kind", "metadata", "spec", "status"]);
  const annotations = new Annotations(manifest);
  const isCanary = annotations.flag("canary") === true;
  checkAffinity(annotations);
  for (const name of HTTPS_ANNOTATIONS) annotations.flag(name);
  if (isCanary) annotations.idle(HTTPS_ANNOTATIONS, "a canary has what its main Ingress says");
  else {
    const idle = CANARY_ANNOTATIONS.filter((name) => name !== "canary");
    annotations.idle(idle, 'there is no "canary: true"');
  }
  const specAt = fields.get("spec");
  if (specAt === undefined) root.at("spec").error("is missing");
  const spec =
    specAt?.fields(["ingressClassName", "defaultBackend", "tls", "rules"]) ??
    new Map<string, Place>();
  spec.get("ingressClassName")?.text();
  if (isCanary)
    spec.get("tls")?.warning("does nothing here: a canary has what its main Ingress says");
  return {
    manifest,
    annotations,
    paths: readRules(manifest, spec, backends),
    rules: spec.get("rules") ?? root.at("spec"),
    canary: isCanary ? readCanary(annotations) : undefined,
    tls: readTls(spec.get("tls")),
  };
}

/** Whether an Ingress says anything of affinity. */
export const hasAffinity = ({ annotations }: Ingress): boolean =>
  annotations.place(AFFINITY_ANNOTATIONS[0]) !== undefined;
