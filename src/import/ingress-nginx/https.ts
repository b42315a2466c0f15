import { Draft } from "../draft.ts";
import { targetOf, type Entry } from "../entry.ts";
import { ANY_HOST } from "../hostname.ts";
import type { Ingress, IngressPath } from "./ingress.ts";

/** Permanent, and the method stays. */
const STATUS = 308;

/** Ahead of every match of a path. */
const FIRST = 9;

/** The hosts that Ingresses have certificates for. */
export class Certificates {
  readonly #hosts = new Set<string>();

  constructor(ingresses: readonly Ingress[]) {
    for (const { tls, paths } of ingresses) {
      for (const named of tls) if (named !== ANY_HOST) this.#hosts.add(named);
      if (tls.includes(ANY_HOST)) for (const { host } of paths) this.#hosts.add(host);
    }
  }

  /** Whether one of them is for a host, itself or as a wildcard above it. */
  has(host: string): boolean {
    if (this.#hosts.has(host)) return true;
    const labels = host.replace(/^\*\./, "").split(".");
    return labels.some(
      (_, index) => index > 0 && this.#hosts.has(`*.${labels.slice(index).join(".")}`),
    );
  }
}

function redirects({ annotations }: Ingress, hasTls: boolean): boolean {
  const isForced = annotations.text("force-ssl-redirect") === "true";
  return annotations.text("ssl-redirect") !== "false" && (isForced || hasTls);
}

/** A path of a main Ingress. */
export interface MainPath {
  readonly ingress: Ingress;
  readonly path: IngressPath;
}

function entryOf({ ingress, path }: MainPath, whole: boolean): Entry {
  const place = ingress.annotations.place("force-ssl-redirect") ?? ingress.rules;
  const draft = new Draft(place);
  draft.set("strategy", "redirect");
  draft.set("status", STATUS);
  draft.set("scheme", "https");
  const all = { kind: "prefix", value: "" } as const;
  return {
    ...targetOf(draft.policy, draft.trail),
    owners: [ingress.manifest.reports],
    place,
    matchTrail: new Map([["$", place]]),
    rules: ingress.rules,
    name: whole ? "https" : `${path.name}-https`,
    path: whole ? all : path.path,
    conditions: { scheme: "http" },
    rank: whole ? [FIRST] : rankOfPath(path),
  };
}

/** Precedence of paths; a redirect goes ahead of what it is for. */
export function rankOfPath({ path }: IngressPath, isPlain: boolean = false): readonly number[] {
  return [path.kind === "exact" ? 2 : 0, path.value.length, isPlain ? 0 : 1];
}

/** What leads from `http` to `https` on one host: one entry where all paths ask for it, else one for each that does. */
export function httpsEntries(
  host: string,
  paths: readonly MainPath[],
  certificates: Certificates,
): Entry[] {
  const hasTls = certificates.has(host);
  const asking = paths.filter(({ ingress }) => redirects(ingress, hasTls));
  const [first] = asking;
  if (first === undefined) return [];
  return asking.length === paths.length
    ? [entryOf(first, true)]
    : asking.map((one) => entryOf(one, false));
}
