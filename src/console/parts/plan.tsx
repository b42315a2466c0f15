import "./plan.css";

import type { Plan as PlanOf } from "../../preview/plan.ts";
import { count, percent } from "../data/format.ts";
import { changeText, kindOf, KINDS, placeText } from "./changes.ts";
import { barsOf, endsOf, type PathPlan } from "./moves.ts";
import { SeriesMark, ShareBar } from "./share-bar.tsx";
import { Time } from "./time.tsx";

/** Moves of one path that are told; the rest is the same, only more of it. */
const MAX_MOVES = 8;

/** Variants named beside the bars: of more, those that most visitors go to or come from. */
const MAX_NAMED = 6;

/** What of a plan is shown. */
type Shown = Pick<
  PlanOf,
  "changes" | "changesLeftOut" | "paths" | "pathsLeftOut" | "later" | "laterLeftOut"
>;

interface ChangesProps {
  readonly of: Pick<Shown, "changes" | "changesLeftOut">;
}

/** Each place in which two policies differ. */
export function Changes({ of: { changes, changesLeftOut } }: ChangesProps) {
  if (changes.length === 0) return <p class="soft">The policies say the same.</p>;
  return (
    <ul class="plan-changes" aria-label="Changes">
      {changes.map((change) => {
        const kind = kindOf(change);
        const [sign, word] = KINDS[kind];
        return (
          <li key={change.path} data-kind={kind}>
            <span aria-hidden="true">{sign}</span>
            <span class="name">
              <span class="visually-hidden">{word} </span>
              <b>{placeText(change.path)}</b> {changeText(change)}
            </span>
          </li>
        );
      })}
      {changesLeftOut > 0 && <li class="soft">and {count(changesLeftOut)} more</li>}
    </ul>
  );
}

interface PathProps {
  readonly of: PathPlan;
  /** The variants in the order of the policy, where they are few: each keeps its colour. */
  readonly order: readonly string[];
}

/** Who has which share before and after, as two bars and what their colours stand for. */
function Bars({ of, order }: PathProps) {
  const bars = barsOf(of, order);
  const named = bars.filter(({ before, after }) => before + after > 0);
  const shares = (when: "before" | "after") => bars.map((bar) => [bar.name, bar[when]] as const);
  return (
    <div class="plan-bars">
      <span class="soft">Before</span>
      <ShareBar shares={shares("before")} />
      <span class="soft">After</span>
      <ShareBar shares={shares("after")} />
      <ul class="plan-legend">
        {named.slice(0, MAX_NAMED).map(({ name, index, before, after }) => (
          <li key={name}>
            <SeriesMark index={index} />
            <bdi class="name">{name}</bdi>
            <span class="soft">
              {percent(before)} → {percent(after)}
            </span>
          </li>
        ))}
        {named.length > MAX_NAMED && (
          <li class="soft">and {count(named.length - MAX_NAMED)} more</li>
        )}
      </ul>
    </div>
  );
}

/** What stands behind a number of visitors: the part of the policy that they ask for, unless it is all of it. */
const Under = ({ path }: { readonly path: string }) =>
  path === "" || path === "/" ? null : (
    <>
      {" under "}
      <code class="name">{path}</code>
    </>
  );

function Path({ of, order }: PathProps) {
  const { path, visitors, moved, reshuffled, moves } = of;
  return (
    <div class="plan">
      <p>
        <strong>
          {count(moved)} of {count(visitors)} visitors move
        </strong>{" "}
        ({percent(moved / visitors)})
        <Under path={path} />
        {reshuffled > 0 && <> · {count(reshuffled)} of them are drawn anew without need</>}
      </p>
      <Bars of={of} order={order} />
      <ul class="plan-moves" aria-label="Who moves">
        {moves.slice(0, MAX_MOVES).map((move, index) => {
          const [from, to] = endsOf(move);
          return (
            <li key={index}>
              <bdi class="name">{from}</bdi> → <bdi class="name">{to}</bdi>
              <span class="push">
                {count(move.visitors)} · {percent(move.visitors / visitors)}
              </span>
            </li>
          );
        })}
        {moves.length > MAX_MOVES && (
          <li class="soft">and {count(moves.length - MAX_MOVES)} smaller moves</li>
        )}
      </ul>
    </div>
  );
}

function Later({ of: { later, laterLeftOut } }: { readonly of: Shown }) {
  if (later.length === 0) return null;
  return (
    <div>
      <h3>Then, by the clock</h3>
      <ul class="plan-moves">
        {later.map(({ at, path, visitors, moved }) => (
          <li key={`${at} ${path}`}>
            <Time at={at} />
            <Under path={path} />
            <span class="push">{percent(moved / visitors)} have moved by then</span>
          </li>
        ))}
        {laterLeftOut > 0 && <li class="soft">and {count(laterLeftOut)} later instants</li>}
      </ul>
    </div>
  );
}

interface PlanProps {
  readonly of: Shown;
  /** The variants in the order of the policy, where they are few: each keeps its colour. */
  readonly order?: readonly string[];
  /** Whether the places that differ are what one came for: they then stand first, and open. */
  readonly isDiff?: boolean;
}

/** What an edit does, as the API judges it: which visitors move from where to where, at once and by the clock, and each place of the policy that differs. */
export function Plan({ of, order = [], isDiff = false }: PlanProps) {
  const { paths, pathsLeftOut, changes, changesLeftOut } = of;
  const moving = paths.filter(({ moved }) => moved > 0);
  const places = changes.length + changesLeftOut;
  return (
    <div class="plan">
      {isDiff && <Changes of={of} />}
      {moving.length === 0 && (
        <p>
          <strong>Nobody moves at once.</strong>
        </p>
      )}
      {moving.map((one) => (
        <Path key={one.path} of={one} order={order} />
      ))}
      {pathsLeftOut > 0 && (
        <p class="soft">
          {pathsLeftOut === 1
            ? "One more part of the policy changes, and was not tried."
            : `${count(pathsLeftOut)} more parts of the policy change, and were not tried.`}
        </p>
      )}
      <Later of={of} />
      {!isDiff && places > 0 && (
        <details>
          <summary>
            {places === 1 ? "One change" : `${count(places)} changes`} to the policy
          </summary>
          <Changes of={of} />
        </details>
      )}
    </div>
  );
}
