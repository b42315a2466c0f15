import { compile } from "../policy/compile.ts";
import type { CompiledPolicy } from "../policy/compiled.ts";
import { diff, type Change } from "../policy/diff.ts";
import type { Facts } from "../policy/facts.ts";
import { ANY, pathCandidate, type Candidate } from "../policy/keys.ts";
import type { Policy } from "../policy/schema.ts";
import { factsOfDescription, type RequestDescription } from "../decide/request-description.ts";
import { changedPaths } from "./changed-paths.ts";
import { shownChanges } from "../policy/shown-changes.ts";
import { visitorUnits } from "./cost.ts";
import {
  instantsIn,
  LATER_VISITORS,
  laterMoves,
  MAX_INSTANTS,
  type LaterMoves,
} from "./later-moves.ts";
import { narrow } from "./narrow.ts";
import { PREVIEW_VISITORS, previewPath, type PathPreview } from "./preview-path.ts";
import { askedBy } from "./synthetic.ts";

export { MAX_CHANGES } from "../policy/shown-changes.ts";

/** Paths of one preview: each costs two decisions per synthetic visitor. */
export const MAX_PREVIEW_PATHS = 10;

/** Later instants shown in one plan: a ramp may have dozens, on each path. */
export const MAX_LATER = 20;

/** What a change does before it is made. */
export interface Plan {
  readonly changes: readonly Change[];
  /** Changes beyond the list. */
  readonly changesLeftOut: number;
  readonly paths: readonly PathPreview[];
  /** Changed branches of path-maps beyond the list: there are too many, or visiting them takes too long. */
  readonly pathsLeftOut: number;
  /** Who has moved by the instants at which the clock alone changes what the new policy does, on the paths above. */
  readonly later: readonly LaterMoves[];
  /** Instants beyond the list. */
  readonly laterLeftOut: number;
  /** The largest share of visitors that moves on one path, 0 to 1. */
  readonly moved: number;
  /** The largest share that is drawn anew without need, 0 to 1. */
  readonly reshuffled: number;
}

/** Which requests are sent through both policies. */
export interface PlanOptions {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** What every visitor asks for; without it, one plain GET per changed branch. */
  readonly request?: RequestDescription | undefined;
}

/** The candidate of a key for a request that is known to lead to it. */
export function candidateOf(key: string): Candidate {
  return pathCandidate(`/${key}`) ?? { ...ANY, key };
}

/** A URL that leads to a key: the host of host keys, `host.invalid` elsewhere. */
export function urlFor(key: string, path: string): string {
  const { prefix } = candidateOf(key);
  const host = key.startsWith("*.")
    ? `any${key.slice(1)}`
    : key.includes(".")
      ? key
      : "host.invalid";
  return `http://${host}${prefix}${path}`;
}

/**
 * Work of one plan: about one second of a server's core, in the units of `cost.ts`. Within it every
 * usual policy is visited by all of {@link PREVIEW_VISITORS} on all listed paths.
 */
const MAX_PLAN_UNITS = 120_000_000;

/** Rather than send fewer visitors to each path, fewer paths are visited: a share is then known to about three percentage points (99 %). */
const MIN_VISITORS = 1_000;

/** Bytes of all previews in one answer, as JSON, and of all later moves. */
const MAX_PATHS_BYTES = 20_000;
const MAX_LATER_BYTES = 10_000;

/** The first of a list that have so many bytes together as JSON; always one. */
function within<T>(list: readonly T[], maxBytes: number): T[] {
  const encoder = new TextEncoder();
  let bytes = 0;
  return list.filter((one, index) => {
    bytes += encoder.encode(JSON.stringify(one)).length;
    return index === 0 || bytes <= maxBytes;
  });
}

/** One path to send visitors to: both policies as far as they meet them, what they ask for, and what one visitor costs. */
interface Visit {
  readonly from: CompiledPolicy;
  readonly to: CompiledPolicy;
  readonly facts: Facts;
  readonly units: number;
}

/** Of each visitor, those sent again at later instants. */
const LATER_SHARE = (MAX_INSTANTS * LATER_VISITORS) / PREVIEW_VISITORS;

/** How many paths are visited, and by how many visitors each, within {@link MAX_PLAN_UNITS}. */
function portion(visits: readonly Visit[]): { readonly paths: number; readonly visitors: number } {
  let paths = visits.length;
  for (; paths > 0; paths -= 1) {
    const units = visits.slice(0, paths).reduce((sum, one) => sum + one.units, 0);
    const visitors = Math.floor(MAX_PLAN_UNITS / (units * (1 + LATER_SHARE)));
    if (visitors >= MIN_VISITORS || paths === 1)
      return { paths, visitors: Math.max(1, Math.min(PREVIEW_VISITORS, visitors)) };
  }
  return { paths: 0, visitors: 0 };
}

/**
 * What changes from one policy to another, and which visitors move. Where one of them is absent,
 * nobody is counted: a route that begins or ends moves all of its visitors. Its work is bounded,
 * whatever the policies: where they are dear, fewer visitors are sent, and to fewer paths. Pure.
 */
export function plan(
  key: string,
  before: Policy | undefined,
  after: Policy | undefined,
  { now, request }: PlanOptions,
): Plan {
  const changes = shownChanges(diff(before, after));
  const paths = request === undefined ? changedPaths(before, after) : [""];
  const previews: PathPreview[] = [];
  const later: LaterMoves[] = [];
  let laterLeftOut = 0;
  if (before !== undefined && after !== undefined && paths.length > 0) {
    const [whole, next] = [compile(before, key), compile(after, key)];
    const asked = askedBy([whole, next]);
    const known = instantsIn(whole);
    const visits = paths.slice(0, MAX_PREVIEW_PATHS).map((path): Visit => {
      const facts = factsOfDescription(request ?? { url: urlFor(key, path) }, {
        candidate: candidateOf(key),
        cookieNames: [],
        now,
        randomId: () => "",
        override: undefined,
      });
      const [from, to] = [narrow(whole, facts, asked), narrow(next, facts, asked)];
      return { from, to, facts, units: visitorUnits([from, to], facts, asked) };
    });
    const { paths: count, visitors } = portion(visits);
    const again = Math.ceil(
      Math.min(LATER_VISITORS, (visitors * LATER_VISITORS) / PREVIEW_VISITORS),
    );
    for (const { from, to, facts } of visits.slice(0, count)) {
      previews.push(previewPath(from, to, facts, visitors, facts.now, asked));
      const { shown, leftOut } = laterMoves(from, to, facts, { asked, known, visitors: again });
      later.push(...shown);
      laterLeftOut += leftOut;
    }
  }
  const most = (count: (one: PathPreview) => number): number =>
    Math.max(0, ...previews.map((one) => count(one) / one.visitors));
  const shown = within(previews, MAX_PATHS_BYTES);
  const toldLater = within(later.slice(0, MAX_LATER), MAX_LATER_BYTES);
  return {
    changes: changes.shown,
    changesLeftOut: changes.leftOut,
    paths: shown,
    pathsLeftOut: shown.length === 0 ? 0 : paths.length - shown.length,
    later: toldLater,
    laterLeftOut: laterLeftOut + later.length - toldLater.length,
    moved: most((one) => one.moved),
    reshuffled: most((one) => one.reshuffled),
  };
}
