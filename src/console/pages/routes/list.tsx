import type { ReadonlySignal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect, useLayoutEffect, useMemo, useState } from "preact/hooks";

import type { Seen } from "./attention.ts";
import { Head, type HeadProps } from "./head.tsx";
import type { Hour } from "./hour.ts";
import type { RowFocus } from "./row-focus.ts";
import { Row } from "./row.tsx";
import { useRowHeight, useScrolled } from "./scrolled.ts";
import { Slots } from "./slots.ts";
import { windowOf, type Range } from "./window.ts";

/** Stands for the rows that are not drawn. */
function Gap({ rows, rowHeight }: { readonly rows: number; readonly rowHeight: number }) {
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

/** The rows to draw: those in view, and the one that has the keyboard, wherever the list is scrolled to. */
function drawnRows({ first, end }: Range, active: number): readonly number[] {
  const inView = Array.from({ length: end - first }, (_, offset) => first + offset);
  if (active < 0 || (active >= first && active < end)) return inView;
  return active < first ? [active, ...inView] : [...inView, active];
}

/** The list of routes: only the rows in view are drawn, however many there are. */
export function List({ routes, hours, focus, onView, onLeave, ...head }: ListProps) {
  const [box, setBox] = useState<HTMLElement | null>(null);
  const slots = useMemo(() => new Slots(), []);
  const rowHeight = useRowHeight();
  const { row, height } = useScrolled(box, rowHeight);
  const active = Math.min(focus.active.value, routes.length - 1);
  const range = windowOf({ top: row * rowHeight, height, rowHeight, rows: routes.length });
  const { first, end } = range;

  useEffect(() => onView(routes.slice(first, end)), [first, end, routes, onView]);
  focus.hold();
  useLayoutEffect(() => focus.drawn(box, routes.length, rowHeight));

  const drawn = drawnRows(range, active).flatMap((index) => {
    const route = routes[index];
    return route === undefined ? [] : { index, route };
  });
  const places = slots.of(drawn.map(({ route }) => route.status.route));
  const rows: VNode[] = [];
  let next = 0;
  const gapTo = (index: number, name: string) => {
    if (index > next) rows.push(<Gap key={name} rows={index - next} rowHeight={rowHeight} />);
    next = index + 1;
  };
  for (const { index, route } of drawn) {
    gapTo(index, next === 0 ? "above" : "between");
    rows.push(
      <Row
        key={places.get(route.status.route)}
        route={route}
        index={index}
        isActive={index === active}
        hours={hours}
        focus={focus}
        onLeave={onLeave}
      />,
    );
  }
  gapTo(routes.length, "below");
  return (
    <div ref={setBox} class="card routes-box" style={{ "--routes-row": `${rowHeight}px` }}>
      <table class="table routes-table" aria-rowcount={routes.length + 1} aria-label="Routes">
        <Head {...head} />
        <tbody>{rows}</tbody>
      </table>
    </div>
  );
}
