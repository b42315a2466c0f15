import { BackendTable, type Backends } from "../backends.ts";
import { checkEntries } from "../check.ts";
import { Draft } from "../draft.ts";
import { isPure, targetOf, type Entry, type PathMatch } from "../entry.ts";
import { Place } from "../place.ts";
import { policiesOf, type Imported } from "../policies.ts";
import { ObjectReports } from "../report.ts";
import { readConditions } from "./conditions.ts";
import { linesOf, type Line } from "./line.ts";
import { readSource, type Source } from "./source.ts";
import { readTarget, type Target } from "./target.ts";

/** What the site itself is called among the backends. */
const SITE = "site";

const REDIRECTS = [301, 302, 303, 307, 308];

/** What a rule without a status means at Netlify. */
const DEFAULT_STATUS = 301;

const PROXY = 200;

/** Statuses whose page is not here, so that nothing but they are left. */
const BARE = [404, 410, 451];

/** Of rules for every path below one. */
const NEEDS_FORCE =
  "cannot be said without ! behind the status: it is for paths without a file, and only the site knows its files";

/** What a redirect or a rewrite does, as a policy; one that replaces a beginning which no key names stands below a key that does. */
function below(target: Target, policy: Record<string, unknown>): unknown {
  const { replaced } = target;
  if (replaced === undefined) return policy;
  return replaced === ""
    ? { strategy: "path-map", paths: {}, default: policy }
    : { strategy: "path-map", paths: { [replaced]: policy } };
}

function redirectOf(status: number, line: Line, target: Target, source: Source): unknown {
  const { url, newPath } = target;
  const isSame =
    target.replaced === undefined && "prefix" in newPath && newPath.prefix === source.path;
  if (isSame && url === undefined) return line.to.error("leads straight back to itself");
  const elsewhere =
    url === undefined
      ? {}
      : {
          scheme: url.protocol.slice(0, -1),
          host: url.hostname,
          ...(url.port === "" ? {} : { port: Number(url.port) }),
        };
  const path = isSame ? {} : newPath;
  return below(target, { strategy: "redirect", status, ...elsewhere, ...path });
}

function proxyOf(line: Line, target: Target, source: Source, backends: BackendTable): unknown {
  const { url, newPath } = target;
  if (url === undefined) {
    if (!line.isForced && source.hasSplat) return line.to.error(NEEDS_FORCE);
    const site = backends.find(SITE, line.to);
    return site === undefined ? undefined : below(target, { origin: site, rewrite: newPath });
  }
  if ("path" in newPath) return below(target, { origin: url.origin, rewrite: newPath });
  const origin = url.origin + newPath.prefix;
  return below(target, { origin, rewrite: { prefix: "" } });
}

function policyOf(line: Line, source: Source, backends: BackendTable): unknown {
  const target = readTarget(line.to, source);
  const { status = DEFAULT_STATUS, statusPlace } = line;
  if (line.status === undefined)
    statusPlace.warning(
      "is taken to be 301, as Netlify does; Cloudflare Pages means 302: write the one you want",
    );
  if (BARE.includes(status)) {
    if (!line.isForced && source.hasSplat) return line.to.error(NEEDS_FORCE);
    line.to.warning(`is lost: the answer is an empty ${status}, and not that page`);
    return { strategy: "respond", status };
  }
  if (status !== PROXY && !REDIRECTS.includes(status))
    return statusPlace.error(`must be one of ${[PROXY, ...REDIRECTS, ...BARE].join(", ")}`);
  if (target === undefined) return undefined;
  return status === PROXY
    ? proxyOf(line, target, source, backends)
    : redirectOf(status, line, target, source);
}

/** Whether a rule would lead a path to itself, and so does nothing. */
function leadsBack(path: PathMatch, { to, status }: Line): boolean {
  return path.kind === "exact" && path.value === to.value && status !== PROXY;
}

/** The key of a rule without a host, and the entries that it makes. */
function entriesOf(line: Line, key: string, backends: BackendTable): [string, Entry[]] {
  const { from, reports } = line;
  const source = readSource(from);
  const conditions = readConditions(line);
  const policy = source && policyOf(line, source, backends);
  if (source === undefined || policy === undefined) return [key, []];
  const draft = new Draft(line.to);
  const target = targetOf(policy, draft.trail);
  const { scheme } = source;
  const entries = source.paths
    .filter((path) => !leadsBack(path, line))
    .flatMap((path) =>
      conditions.map((one): Entry => ({
        ...target,
        owners: [reports],
        place: from,
        matchTrail: new Map([["$", from]]),
        rules: from,
        name: reports.object.replace("_redirects ", "").replace(" ", "-"),
        path,
        conditions: scheme === undefined ? one : { ...one, scheme },
        rank: [],
      })),
    );
  checkEntries(entries);
  return [source.host ?? key, entries];
}

/** What everything gets that no rule takes: the site. */
function siteEntry(reports: ObjectReports, backends: BackendTable): Entry | undefined {
  const place = new Place(undefined, SITE, reports);
  const origin = backends.find(SITE, place);
  if (origin === undefined) return undefined;
  const trail = new Map([["$", place]]);
  return {
    ...targetOf(origin, trail),
    owners: [reports],
    place,
    matchTrail: trail,
    rules: place,
    name: SITE,
    path: { kind: "prefix", value: "" },
    conditions: {},
    rank: [],
  };
}

const takesAll = (entry: Entry): boolean => isPure(entry) && entry.path.value === "";

/**
 * Imports a `_redirects` file of Netlify or Cloudflare Pages. `key` is the route that rules without
 * a host are for; the site itself is the backend {@link SITE}. Never throws: what cannot be said is
 * told by its line, all at once.
 */
export function importRedirects(
  text: string,
  {
    key,
    backends: origins,
    document = 0,
  }: {
    readonly key: string;
    readonly backends: Backends;
    readonly document?: number;
  },
): Imported {
  const backends = new BackendTable(origins);
  const { lines, reports } = linesOf(text, document);
  const keys = new Map<string, Entry[]>();
  for (const line of lines) {
    const [host, entries] = entriesOf(line, key, backends);
    const all = keys.get(host) ?? [];
    keys.set(host, all);
    all.push(...entries);
  }
  const whole = new ObjectReports("_redirects", document);
  for (const entries of keys.values()) {
    if (entries.some(takesAll)) continue;
    const site = siteEntry(whole, backends);
    if (site !== undefined) entries.push(site);
  }
  if (lines.some(({ isForced }) => !isForced))
    new Place(undefined, "status", whole).warning(
      "without ! is for paths without a file at Netlify; here every rule holds whatever files there are",
    );
  const policies = policiesOf(() => [...keys]);
  const all = [...reports, whole].flatMap((one) => one.reports);
  return { policies, reports: all, missing: backends.missing };
}
