import type { LeafNode } from "../../../policy/compiled.ts";
import { localTime, percent } from "../../data/format.ts";
import { now } from "../../data/now.ts";
import { seriesClass } from "../../parts/share-bar.tsx";
import { Time } from "../../parts/time.tsx";
import { laidOut } from "./laid-out.ts";
import type { Stage, Stages } from "../../../policy/stages.ts";

/** Narrower than this (of 1) a stage has no room for its figure. */
const LABEL_PART = 0.07;

const inPercent = (part: number) => `${(part * 100).toFixed(2)}%`;

interface StageViewProps {
  readonly leaf: LeafNode;
  readonly stages: Stages;
}

/** The variants that have somebody in a stage, in words. */
const toldShares = ({ variants }: LeafNode, { shares }: Stage): string =>
  variants
    .flatMap(({ name }, index) => {
      const share = shares[index] ?? 0;
      return share > 0 ? [`${name} ${percent(share)}`] : [];
    })
    .join(", ");

function Line({ leaf, stages }: StageViewProps) {
  const { drawn, now: place } = laidOut(stages, now.value);
  const words = stages.list
    .map(
      (stage) =>
        `${stage.from === undefined ? "before" : `from ${localTime(stage.from)}`}: ${toldShares(leaf, stage)}`,
    )
    .join("; ");
  return (
    <div class="route-line" role="img" aria-label={`What the clock does: ${words}`}>
      {drawn.map(({ stage, left, width }, index) => (
        <div
          key={index}
          class="route-stage"
          data-current={index === stages.current}
          style={{ left: inPercent(left), width: inPercent(width) }}
        >
          {stage.shares.map((share, at) =>
            share > 0 ? (
              <i
                key={leaf.variants[at]?.name}
                class={seriesClass(at)}
                style={{ height: `${share * 100}%` }}
              />
            ) : null,
          )}
          {width >= LABEL_PART && <span class="route-stage-label">{toldLabel(leaf, stage)}</span>}
        </div>
      ))}
      <div class="route-now" style={{ left: inPercent(place) }}>
        <span>now</span>
      </div>
    </div>
  );
}

/** What a stage is about: the share of the last variant that has any, the one that a roll-out is for. */
function toldLabel(leaf: LeafNode, { shares }: Stage): string {
  const whole = shares.indexOf(1);
  if (whole !== -1) return leaf.variants[whole]?.name ?? "";
  return percent(shares.at(-1));
}

function Words({ stages }: { readonly stages: Stages }) {
  const { pausedAt, waits, waiting, lapsesAt } = stages;
  const next = stages.list[stages.current + 1]?.from;
  const isLapsed = lapsesAt !== undefined && lapsesAt <= now.value;
  return (
    <ul class="route-facts">
      {pausedAt !== undefined && (
        <li>
          <strong>Paused</strong> {pausedAt > now.value ? "from" : "since"} <Time at={pausedAt} />.
        </li>
      )}
      {waits !== undefined && waits !== "" && <li>The ramp {waits}.</li>}
      {waiting.length > 0 && (
        <li>
          {waiting.length === 1 ? "One step waits" : `${waiting.length} steps wait`}:{" "}
          {waiting.map((step) => `${step} %`).join(", ")}.
        </li>
      )}
      {next !== undefined && (
        <li>
          The next stage begins <Time at={next} away />, on <Time at={next} />.
        </li>
      )}
      {lapsesAt !== undefined && (
        <li>
          The lease {isLapsed ? "has lapsed" : "lapses"} <Time at={lapsesAt} away />: everybody{" "}
          {isLapsed ? "is" : "goes"} back then.
        </li>
      )}
    </ul>
  );
}

/** What the clock alone does to a split, on a line with now, in words and as a table. */
export function StagesView({ leaf, stages }: StageViewProps) {
  return (
    <section class="route-stages" aria-label="On the clock">
      <h3>On the clock</h3>
      <Line leaf={leaf} stages={stages} />
      <Words stages={stages} />
      <details>
        <summary>As a table</summary>
        <table class="table">
          <thead>
            <tr>
              <th scope="col">From</th>
              <th scope="col">Who is served</th>
            </tr>
          </thead>
          <tbody>
            {stages.list.map((stage, index) => (
              <tr key={index}>
                <td>
                  {stage.from === undefined ? "before" : <Time at={stage.from} />}
                  {index === stages.current && <strong> · now</strong>}
                </td>
                <td class="name">{toldShares(leaf, stage)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </section>
  );
}
