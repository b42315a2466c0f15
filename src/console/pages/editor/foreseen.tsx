import type { Plan } from "../../../preview/plan.ts";
import { count, percent } from "../../data/format.ts";
import { Time } from "../../parts/time.tsx";

type PathPreview = Plan["paths"][number];

/** As much of a plan as is shown. */
export type Shown = Pick<Plan, "changes" | "changesLeftOut" | "paths" | "pathsLeftOut" | "later">;

/** Moves of one path that are told: the rest is the same, only more of it. */
const MAX_MOVES = 6;

/** Characters of a value in the list of changes. */
const MAX_VALUE_CHARS = 80;

const placeOf = (at: PathPreview["moves"][number]["from"]): string =>
  at === null ? "no part of the policy" : at.variant;

function told(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > MAX_VALUE_CHARS ? `${text.slice(0, MAX_VALUE_CHARS - 1)}…` : text;
}

function Moves({ of: { path, visitors, moved, reshuffled, moves } }: { of: PathPreview }) {
  return (
    <div>
      <p>
        <strong>
          {count(moved)} of {count(visitors)} visitors move
        </strong>{" "}
        ({percent(moved / visitors)}) {path !== "/" && <code class="name">{path}</code>}
        {reshuffled > 0 && <> · {count(reshuffled)} of them are drawn anew without need</>}
      </p>
      <ul class="editor-moves">
        {moves.slice(0, MAX_MOVES).map(({ from, to, visitors: many }, index) => (
          <li key={index}>
            <bdi class="name">{placeOf(from)}</bdi> → <bdi class="name">{placeOf(to)}</bdi>{" "}
            <span class="soft">{percent(many / visitors)}</span>
          </li>
        ))}
        {moves.length > MAX_MOVES && <li class="soft">and {moves.length - MAX_MOVES} more</li>}
      </ul>
    </div>
  );
}

/** What saving would do: who moves, now and by the clock, and each place that changes. */
export function Foreseen({ plan }: { readonly plan: Shown }) {
  const { changes, changesLeftOut, paths, pathsLeftOut, later } = plan;
  const moving = paths.filter(({ moved }) => moved > 0);
  return (
    <div class="stack">
      {moving.length === 0 && (
        <p>
          <strong>Nobody moves at once.</strong>
        </p>
      )}
      {moving.map((one) => (
        <Moves key={one.path} of={one} />
      ))}
      {pathsLeftOut > 0 && <p class="soft">{count(pathsLeftOut)} more branches are not shown.</p>}
      {later.map(({ at, path, moved, visitors }) => (
        <p key={`${at} ${path}`}>
          By <Time at={at} />: {percent(moved / visitors)} have moved
          {path !== "/" && (
            <>
              {" "}
              under <code class="name">{path}</code>
            </>
          )}
        </p>
      ))}
      {changes.length > 0 && (
        <details>
          <summary>
            {changes.length + changesLeftOut === 1
              ? "One change"
              : `${count(changes.length + changesLeftOut)} changes`}{" "}
            of the policy
          </summary>
          <ul class="editor-changes">
            {changes.map((change) => (
              <li key={change.path}>
                <code class="name">{change.path}</code>{" "}
                <span class="name">
                  {"from" in change ? told(change.from) : "nothing"} →{" "}
                  {"to" in change ? told(change.to) : "nothing"}
                </span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}
