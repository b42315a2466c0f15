import { withoutPrefix } from "../lib/path.ts";
import { MAX_HOST_CHARS } from "./limits.ts";

/** A key that may hold the request's policy. */
export interface Candidate {
  readonly key: string;
  /** The tenant's segment with its slash, where the key is one; empty otherwise. */
  readonly prefix: string;
}

/** Labels of a host that has wildcard keys looked up for all its suffixes; a deeper one is matched on its last ones. */
export const MAX_HOST_LABELS = 10;

const HOST = /^[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)+$/;
const ADDRESS = /^\d+(?:\.\d+){3}$/;
const ID = /^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/;
const TENANT = /^\/([A-Za-z0-9][A-Za-z0-9_-]{0,62})(?:\/|$)/;
const SUFFIX = /^\*\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*$/;

/** The host as a key: lower case, no port, no trailing dot; `undefined` where it cannot be one. */
export function hostKey(hostname: string): string | undefined {
  const host = hostname.replace(/\.$/, "");
  return host.length <= MAX_HOST_CHARS && HOST.test(host) ? host : undefined;
}

/** Whether a key is a tenant's, the first segment of a path. */
export function isTenantId(key: string): boolean {
  return ID.test(key);
}

/** The keys a host may have: its own, then wildcards, longest suffix first. An address has only its own. */
export function hostCandidates(hostname: string): Candidate[] {
  const host = hostKey(hostname);
  if (host === undefined) return [];
  const keys = [host];
  if (!ADDRESS.test(host)) {
    const labels = host.split(".").slice(1).slice(-MAX_HOST_LABELS);
    for (let from = 0; from < labels.length; from += 1)
      keys.push(`*.${labels.slice(from).join(".")}`);
  }
  return keys.map((key) => ({ key, prefix: "" }));
}

/** The key of a path's first segment, where that is a tenant id. Expects the path in normal form. */
export function pathCandidate(path: string): Candidate | undefined {
  const id = TENANT.exec(path)?.[1];
  return id === undefined ? undefined : { key: id, prefix: `/${id}` };
}

/** Everything else. */
export const ANY: Candidate = { key: "*", prefix: "" };

/** Which kinds of key are looked up: the var `TENANT_BY`. */
export interface TenantBy {
  readonly host: boolean;
  readonly path: boolean;
}

/** All keys a request may have, in order of precedence. Expects the path in normal form. */
export function candidatesOf(hostname: string, path: string, by: TenantBy): Candidate[] {
  const tenant = by.path ? pathCandidate(path) : undefined;
  const hosts = by.host ? hostCandidates(hostname) : [];
  return tenant === undefined ? [...hosts, ANY] : [...hosts, tenant, ANY];
}

/** The path below the tenant's segment. */
export function pathBelow(path: string, candidate: Candidate): string {
  return candidate.prefix === "" ? path : withoutPrefix(path, candidate.prefix);
}

/** Whether a text has one of the four shapes of a key: no request can lead to any other. */
export function isRouteKey(key: string): boolean {
  return (
    key === ANY.key ||
    isTenantId(key) ||
    hostKey(key) === key ||
    (key.length <= MAX_HOST_CHARS && SUFFIX.test(key))
  );
}
