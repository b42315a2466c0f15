import type { ReadonlySignal } from "@preact/signals";

import { routeAddress } from "../../data/addresses.ts";
import { percent, rate, shareWords } from "../../data/format.ts";
import { Badge } from "../../parts/badge.tsx";
import { ShareBar } from "../../parts/share-bar.tsx";
import { Sparkline } from "../../parts/sparkline.tsx";
import { FAILING_SHARE, type Seen } from "./attention.ts";
import type { Hour } from "./hour.ts";
import type { Mark } from "./marks.ts";
import type { RowFocus } from "./row-focus.ts";

/** Marks that have room in a row; the title of the last one tells the others. */
const MAX_MARKS = 2;

function Marks({ marks }: { readonly marks: readonly Mark[] }) {
  const more = marks.slice(MAX_MARKS);
  return (
    <span class="routes-marks">
      {marks.slice(0, MAX_MARKS).map(({ word, tone, sign, title }) => (
        <Badge key={title} tone={tone} sign={sign} title={title}>
          {word}
        </Badge>
      ))}
      {more.length > 0 && (
        <Badge title={more.map(({ title, word }) => `${word}: ${title}`).join("\n")}>
          +{more.length}
        </Badge>
      )}
    </span>
  );
}

function Failures({ worst, status: { route } }: Seen) {
  if (worst === undefined) return <span class="soft">–</span>;
  const { variant, share, experiment } = worst;
  const isFailing = share >= FAILING_SHARE;
  const where = experiment === route ? variant : `${variant} of ${experiment}`;
  return (
    <>
      <span class="routes-figure" data-tone={isFailing ? "bad" : undefined}>
        {isFailing && <span aria-hidden="true">▲ </span>}
        {percent(share)}
      </span>
      {share > 0 && (
        <small class="name" title={where}>
          {where}
        </small>
      )}
    </>
  );
}

interface LastHourProps {
  readonly hours: ReadonlySignal<ReadonlyMap<string, Hour>>;
  readonly route: string;
}

/** Reads the hours itself: one that comes in draws no row anew. */
function LastHour({ hours, route }: LastHourProps) {
  const hour = hours.value.get(route);
  if (hour === undefined) return <span class="soft">–</span>;
  const most = Math.max(0, ...hour.requests);
  return (
    <Sparkline
      points={hour.requests}
      marked={hour.failures}
      label={`Requests a minute of ${route} in the last hour: ${rate(most)} at most, of which failed ${rate(Math.max(0, ...hour.failures))} at most`}
    />
  );
}

interface RowProps {
  readonly route: Seen;
  readonly index: number;
  readonly isActive: boolean;
  readonly hours: ReadonlySignal<ReadonlyMap<string, Hour>>;
  readonly focus: RowFocus;
  /** Where the keyboard goes above the first row. */
  readonly onLeave: () => void;
}

/** A route at a glance. Only the one that the keyboard is at can be reached by Tab. */
export function Row({ route, index, isActive, hours, focus, onLeave }: RowProps) {
  const { status, shown, requestsPerMinute, marks } = route;
  const others = status.experiments.length - 1;
  return (
    <tr aria-rowindex={index + 2} data-row={index}>
      <td class="routes-key">
        <a
          class="name"
          href={routeAddress(status.route)}
          title={status.route}
          tabIndex={isActive ? 0 : -1}
          onFocus={() => focus.arrive(index)}
          onKeyDown={(event) => {
            if (!focus.press(event, index)) onLeave();
          }}
        >
          {status.route}
        </a>
        {shown === undefined ? (
          <small>no split</small>
        ) : (
          <small title={shown.verdict}>
            {shown.strategy}
            {others > 0 && ` and ${others} more`}
          </small>
        )}
        <Marks marks={marks} />
      </td>
      <td class="routes-shares">
        {shown === undefined ? (
          <span class="soft">–</span>
        ) : (
          <>
            <ShareBar shares={Object.entries(shown.shares)} />
            <small class="name">{shareWords(Object.entries(shown.shares))}</small>
          </>
        )}
      </td>
      <td class="routes-hour">
        {shown === undefined ? (
          <span class="soft">–</span>
        ) : (
          <LastHour hours={hours} route={status.route} />
        )}
      </td>
      <td class="number routes-rate">
        {shown === undefined ? <span class="soft">–</span> : rate(requestsPerMinute)}
      </td>
      <td class="number routes-failures">
        <Failures {...route} />
      </td>
      <td class="routes-state">
        <Marks marks={marks} />
      </td>
    </tr>
  );
}
