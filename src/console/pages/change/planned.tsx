import type { Plan } from "../../../preview/plan.ts";
import { count, percent } from "../../data/format.ts";
import { Notice } from "../../parts/notice.tsx";
import { ShareBar } from "../../parts/share-bar.tsx";
import { Time } from "../../parts/time.tsx";
import { destination, type PathPreview, type Preview } from "./plan.ts";

/** Moves of one path that are told; the rest is the same, only more of it. */
const MAX_MOVES = 8;

interface PathProps {
  readonly of: PathPreview;
  /** The variants in the order of the policy, where they are few: each keeps its colour. */
  readonly order: readonly string[];
}

function Bars({ of: { before, after, visitors }, order }: PathProps) {
  const names = [...new Set([...order, ...[...before, ...after].map(({ at }) => destination(at))])];
  const sharesOf = (list: PathPreview["before"]) =>
    Object.fromEntries(
      names.map((name) => [
        name,
        list.reduce((sum, one) => sum + (destination(one.at) === name ? one.visitors : 0), 0) /
          visitors,
      ]),
    );
  return (
    <dl class="change-bars">
      <dt>Before</dt>
      <dd>
        <ShareBar shares={sharesOf(before)} />
      </dd>
      <dt>After</dt>
      <dd>
        <ShareBar shares={sharesOf(after)} />
      </dd>
    </dl>
  );
}

function Path({ of: one, order }: PathProps) {
  const { path, visitors, moved, reshuffled, moves } = one;
  return (
    <div class="change-path">
      <p>
        <strong>
          {count(moved)} of {count(visitors)} visitors move
        </strong>{" "}
        ({percent(moved / visitors)})
        {path !== "" && path !== "/" && (
          <>
            {" "}
            under <code class="name">{path}</code>
          </>
        )}
      </p>
      <Bars of={one} order={order} />
      <ul class="change-moves">
        {moves.slice(0, MAX_MOVES).map(({ from, to, visitors: many }, index) => (
          <li key={index}>
            <span class="name">{destination(from)}</span>
            <span aria-label="to"> → </span>
            <span class="name">{destination(to)}</span>
            <span class="number">
              {count(many)} · {percent(many / visitors)}
            </span>
          </li>
        ))}
        {moves.length > MAX_MOVES && (
          <li class="soft">and {moves.length - MAX_MOVES} smaller moves</li>
        )}
      </ul>
      {reshuffled > 0 && (
        <p>
          <strong>{count(reshuffled)}</strong> of them are drawn anew without need.
        </p>
      )}
    </div>
  );
}

/** As much of a preview as is shown: a refusal has a plan alone. */
export type Shown = Plan & {
  readonly same?: boolean;
  readonly reason?: string;
  readonly warnings?: Preview["warnings"];
};

interface PlannedProps {
  readonly preview: Shown;
  readonly order?: readonly string[];
}

/** What an edit would do, as the API judges it. */
export function Planned({ preview, order = [] }: PlannedProps) {
  const {
    same,
    reason,
    paths,
    pathsLeftOut,
    later,
    laterLeftOut,
    changes,
    warnings = [],
  } = preview;
  if (same)
    return (
      <p>
        <strong>Nothing to do</strong>
        {reason === undefined ? ": the newest version says so already." : `: ${reason}.`}
      </p>
    );
  return (
    <div class="change-planned">
      {paths.every(({ moved }) => moved === 0) && (
        <p>
          <strong>Nobody moves at once.</strong>
        </p>
      )}
      {paths
        .filter(({ moved }) => moved > 0)
        .map((one) => (
          <Path key={one.path} of={one} order={order} />
        ))}
      {pathsLeftOut > 0 && (
        <p class="soft">{pathsLeftOut} more parts of the policy are not visited.</p>
      )}
      {later.length > 0 && (
        <div>
          <h3>Then, by the clock</h3>
          <ul class="change-moves">
            {later.map(({ at, path, moved, visitors }) => (
              <li key={`${at} ${path}`}>
                <Time at={at} />
                <span class="number">{percent(moved / visitors)} have moved by then</span>
              </li>
            ))}
            {laterLeftOut > 0 && <li class="soft">and {laterLeftOut} later instants</li>}
          </ul>
        </div>
      )}
      {warnings.map(({ path, message, fix }) => (
        <Notice key={`${path} ${message}`} tone="warn" title={`${path} ${message}`}>
          <p>{fix}</p>
        </Notice>
      ))}
      <details>
        <summary>
          {changes.length === 1 ? "1 change" : `${changes.length} changes`} of the policy
        </summary>
        <Changes list={changes} leftOut={preview.changesLeftOut} />
      </details>
    </div>
  );
}

/** Characters of a value in a list of changes: past this a line is no longer read. */
const MAX_VALUE_CHARS = 80;

function told(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > MAX_VALUE_CHARS ? `${text.slice(0, MAX_VALUE_CHARS - 1)}…` : text;
}

interface ChangesProps {
  readonly list: Plan["changes"];
  readonly leftOut: number;
}

/** Each place in which two policies differ. */
export function Changes({ list, leftOut }: ChangesProps) {
  return (
    <ul class="change-changes">
      {list.map((change) => (
        <li key={change.path}>
          <code class="name">{change.path}</code>
          <span class="name">
            {"from" in change ? told(change.from) : "nothing"} →{" "}
            {"to" in change ? told(change.to) : "nothing"}
          </span>
        </li>
      ))}
      {leftOut > 0 && <li class="soft">and {leftOut} more</li>}
    </ul>
  );
}
