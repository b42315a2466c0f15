import "uplot/dist/uPlot.min.css";

import UPlot from "uplot";

/** A line of a chart. */
export interface Line {
  readonly name: string;
  readonly values: readonly (number | null)[];
  /** As the browser computes it: a canvas knows no custom properties. */
  readonly colour: string;
  readonly dash: readonly number[];
}

/** What a chart is drawn of. */
export interface Drawing {
  /** Seconds since the epoch. */
  readonly times: readonly number[];
  readonly lines: readonly Line[];
  readonly colours: { readonly text: string; readonly grid: string };
  readonly told: (value: number) => string;
  readonly height: number;
}

/** Draws into an element, as wide as it is. What it gives back takes the chart away again. */
export function plot(
  element: HTMLElement,
  { times, lines, colours, told, height }: Drawing,
): () => void {
  const axis = {
    stroke: colours.text,
    grid: { stroke: colours.grid, width: 1 },
    ticks: { show: false },
    font: "11px ui-sans-serif, system-ui, sans-serif",
  };
  const chart = new UPlot(
    {
      width: element.clientWidth,
      height,
      legend: { show: false },
      cursor: { drag: { x: false, y: false } },
      scales: { y: { range: (_chart, _low, high) => [0, high > 0 ? high * 1.1 : 1] } },
      axes: [axis, { ...axis, size: 64, values: (_chart, splits) => splits.map(told) }],
      series: [
        {},
        ...lines.map(({ name, colour, dash }) => ({
          label: name,
          stroke: colour,
          width: 2,
          dash: [...dash],
          points: { show: times.length < 2 },
        })),
      ],
    },
    [[...times], ...lines.map(({ values }) => [...values])],
    element,
  );
  const resized = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height }));
  resized.observe(element);
  return () => {
    resized.disconnect();
    chart.destroy();
  };
}
