import type { ReadonlySignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useState } from "preact/hooks";

import type { Seen } from "./attention.ts";
import { Head, type HeadProps } from "./head.tsx";
import type { Hour } from "./hour.ts";
import type { RowFocus } from "./row-focus.ts";
import { Row } from "./row.tsx";
import { useRowHeight, useScrolled } from "./scrolled.ts";
import { windowOf } from "./window.ts";

/** Stands for the rows that are not drawn. */
function Gap({ rows, rowHeight }: { readonly rows: number; readonly rowHeight: number }) {
  if (rows <= 0) return null;
  return <tr class="routes-gap" aria-hidden="true" style={{ height: `${rows * rowHeight}px` }} />;
}

interface ListProps extends HeadProps {
  readonly routes: readonly Seen[];
  readonly hours: ReadonlySignal<ReadonlyMap<string, Hour>>;
  readonly focus: RowFocus;
  /** Hears which routes are drawn. */
  readonly onView: (routes: readonly Seen[]) => void;
  /** Where the keyboard goes above the first row. */
  readonly onLeave: () => void;
}

/** The list of routes: only the rows in view are drawn, however many there are. */
export function List({ routes, hours, focus, onView, onLeave, ...head }: ListProps) {
  const [box, setBox] = useState<HTMLElement | null>(null);
  const rowHeight = useRowHeight();
  const { row, height } = useScrolled(box, rowHeight);
  const active = Math.min(focus.active.value, routes.length - 1);
  const { first, end } = windowOf({
    top: row * rowHeight,
    height,
    rowHeight,
    rows: routes.length,
  });

  useEffect(() => onView(routes.slice(first, end)), [first, end, routes, onView]);
  useLayoutEffect(() => focus.drawn(box, routes.length, rowHeight));

  const rowOf = (index: number) => {
    const route = routes[index];
    if (route === undefined) return null;
    const key = route.status.route;
    return (
      <Row
        key={key}
        route={route}
        index={index}
        isActive={index === active}
        hour={hours.value.get(key)}
        onFocus={() => {
          focus.active.value = index;
        }}
        onKeyDown={(event) => {
          if (!focus.press(event, index)) onLeave();
        }}
      />
    );
  };
  // The row that has the keyboard stays, wherever the list is scrolled to.
  const [isAbove, isBelow] = [active >= 0 && active < first, active >= end];
  return (
    <div ref={setBox} class="card routes-box" style={{ "--routes-row": `${rowHeight}px` }}>
      <table class="table routes-table" aria-rowcount={routes.length + 1} aria-label="Routes">
        <Head {...head} />
        <tbody>
          {isAbove && rowOf(active)}
          <Gap rows={first - Number(isAbove)} rowHeight={rowHeight} />
          {Array.from({ length: end - first }, (_, offset) => rowOf(first + offset))}
          <Gap rows={routes.length - end - Number(isBelow)} rowHeight={rowHeight} />
          {isBelow && rowOf(active)}
        </tbody>
      </table>
    </div>
  );
}
