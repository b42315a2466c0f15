import { checkEntries } from "../check.ts";
import { Draft } from "../draft.ts";
import { targetOf, type Entry, type Table } from "../entry.ts";
import { writeAffinity } from "./affinity.ts";
import { writeRules } from "./canary.ts";
import { Certificates, httpsEntries, rankOfPath, type MainPath } from "./https.ts";
import { hasAffinity, type Ingress, type IngressPath } from "./ingress.ts";

/** A canary's path, and the canary. */
interface CanaryPath {
  readonly ingress: Ingress;
  readonly path: IngressPath;
}

/** What a path of a main Ingress and that of its canary have in common. */
const keyOf = ({ host, path }: IngressPath): string => `${host} ${path.kind} ${path.value}`;

const isRefused = ({ manifest }: Ingress): boolean => manifest.reports.isRefused;

/** Holds canaries against the main Ingresses of their paths. Gives the canary of each path. */
function pair(ingresses: readonly Ingress[]): ReadonlyMap<string, CanaryPath> {
  const mains = new Set(
    ingresses.filter(({ canary }) => canary === undefined).flatMap(({ paths }) => paths.map(keyOf)),
  );
  const canaries = new Map<string, CanaryPath>();
  for (const ingress of ingresses) {
    if (ingress.canary === undefined) continue;
    const place = ingress.annotations.place("canary");
    for (const path of ingress.paths) {
      const key = keyOf(path);
      if (!mains.has(key))
        place?.error(`has no main Ingress for the host and path of ${path.place.field}`);
      else if (canaries.has(key))
        place?.error(`is a second canary for the host and path of ${path.place.field}`);
      else canaries.set(key, { ingress, path });
    }
  }
  return canaries;
}

function canaryEntry({ ingress: main, path }: MainPath, other: CanaryPath): Entry {
  const draft = new Draft(path.place);
  draft.set("strategy", "canary");
  draft.set("stable", path.origin, path.backend);
  draft.set("canary", other.path.origin, other.path.backend);
  const { canary } = other.ingress;
  draft.set("percent", canary?.percent, canary?.weightPlace);
  writeAffinity(draft, main.annotations, other.ingress.annotations);
  writeRules(draft, canary?.rules ?? []);
  return entryOf({ ingress: main, path }, draft, [main, other.ingress]);
}

function plainEntry(main: MainPath): Entry {
  const { origin, place } = main.path;
  return {
    ...entryOf(main, new Draft(place), [main.ingress]),
    ...targetOf(origin, new Map([["$", place]])),
  };
}

function entryOf({ ingress, path }: MainPath, draft: Draft, owners: readonly Ingress[]): Entry {
  return {
    ...targetOf(draft.policy, draft.trail),
    owners: owners.map(({ manifest }) => manifest.reports),
    place: path.place,
    matchTrail: new Map([["$", path.place]]),
    rules: ingress.rules,
    name: path.name,
    path: path.path,
    conditions: {},
    rank: rankOfPath(path, true),
  };
}

/** The Ingresses of an input, as entries. Made anew as often as one of them is refused, for a main one is served without its canary too. */
export class Ingresses {
  readonly #all: readonly Ingress[];
  readonly #canaries: ReadonlyMap<string, CanaryPath>;

  constructor(all: readonly Ingress[]) {
    this.#all = all;
    this.#canaries = pair(all);
    for (const one of all) this.#check(one);
  }

  /** Tells what the policy language has against what one says, whether it is refused already or not: all at once. */
  #check(main: Ingress): void {
    if (main.canary !== undefined) return;
    for (const path of main.paths) {
      const canary = this.#canaries.get(keyOf(path));
      if (canary !== undefined) checkEntries([canaryEntry({ ingress: main, path }, canary)]);
    }
    if (hasAffinity(main) && !this.#hasCanary(main))
      main.annotations
        .place("affinity")
        ?.warning("does nothing here: without a canary there is one origin for everybody");
  }

  #hasCanary({ paths }: Ingress): boolean {
    return paths.some((path) => this.#canaries.has(keyOf(path)));
  }

  /** The entries of all that is not refused, by host. */
  table(): Table {
    const mains = this.#all.filter((one) => one.canary === undefined && !isRefused(one));
    const hosts = new Map<string, MainPath[]>();
    for (const ingress of mains) {
      for (const path of ingress.paths) {
        const known = hosts.get(path.host) ?? [];
        hosts.set(path.host, known);
        known.push({ ingress, path });
      }
    }
    const certificates = new Certificates(mains);
    return [...hosts].map(([host, paths]) => [
      host,
      [...httpsEntries(host, paths, certificates), ...paths.map((one) => this.#entry(one))],
    ]);
  }

  #entry(main: MainPath): Entry {
    const canary = this.#canaries.get(keyOf(main.path));
    return canary === undefined || isRefused(canary.ingress)
      ? plainEntry(main)
      : canaryEntry(main, canary);
  }

  /** Says of canaries that they are left out because their main Ingresses are refused. */
  tellOrphans(): void {
    const mains = this.#all.filter((one) => one.canary === undefined && !isRefused(one));
    const served = new Set(mains.flatMap(({ paths }) => paths.map(keyOf)));
    for (const one of this.#all) {
      if (one.canary === undefined || isRefused(one)) continue;
      if (one.paths.some((path) => !served.has(keyOf(path))))
        one.annotations
          .place("canary")
          ?.warning("is left out, at least in part: its main Ingress is refused");
    }
  }
}
