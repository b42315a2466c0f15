import { compile } from "../policy/compile.ts";
import { diff, type Change } from "../policy/diff.ts";
import { ANY, pathCandidate, type Candidate } from "../policy/keys.ts";
import type { Policy } from "../policy/schema.ts";
import { factsOfDescription, type RequestDescription } from "../decide/request-description.ts";
import { changedPaths } from "./changed-paths.ts";
import { laterMoves, type LaterMoves } from "./later-moves.ts";
import { previewPath, type PathPreview } from "./preview-path.ts";

/** Paths of one preview: each costs two decisions per synthetic visitor. */
export const MAX_PREVIEW_PATHS = 10;

/** Changes listed for one plan: past this a list helps nobody. */
export const MAX_CHANGES = 200;

/** Later instants told in one plan: a ramp may have dozens, on each path. */
export const MAX_LATER = 20;

/** What a change does before it is made. */
export interface Plan {
  readonly changes: readonly Change[];
  /** Changes beyond the list. */
  readonly changesLeftOut: number;
  readonly paths: readonly PathPreview[];
  /** Changed branches of path-maps beyond the list, which nobody was sent to. */
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
 * What changes from one policy to another, and which visitors move. Where one of them is absent,
 * nobody is counted: a route that begins or ends moves all of its visitors. Pure.
 */
export function plan(
  key: string,
  before: Policy | undefined,
  after: Policy | undefined,
  { now, request }: PlanOptions,
): Plan {
  const changes = diff(before, after);
  const paths = request === undefined ? changedPaths(before, after) : [""];
  const previews: PathPreview[] = [];
  const later: LaterMoves[] = [];
  let laterLeftOut = 0;
  if (before !== undefined && after !== undefined) {
    const [from, to] = [compile(before, key), compile(after, key)];
    for (const path of paths.slice(0, MAX_PREVIEW_PATHS)) {
      const facts = factsOfDescription(request ?? { url: urlFor(key, path) }, {
        candidate: candidateOf(key),
        cookieNames: [],
        now,
        randomId: () => "",
        override: undefined,
      });
      previews.push(previewPath(from, to, facts));
      const { told, leftOut } = laterMoves(from, to, facts);
      later.push(...told);
      laterLeftOut += leftOut;
    }
  }
  const most = (count: (one: PathPreview) => number): number =>
    Math.max(0, ...previews.map((one) => count(one) / one.visitors));
  return {
    changes: changes.slice(0, MAX_CHANGES),
    changesLeftOut: Math.max(0, changes.length - MAX_CHANGES),
    paths: previews,
    pathsLeftOut: previews.length === 0 ? 0 : paths.length - previews.length,
    later: later.slice(0, MAX_LATER),
    laterLeftOut: laterLeftOut + Math.max(0, later.length - MAX_LATER),
    moved: most((one) => one.moved),
    reshuffled: most((one) => one.reshuffled),
  };
}
