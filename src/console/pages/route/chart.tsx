import { useEffect, useMemo, useRef, useState } from "preact/hooks";

import { routeMetrics } from "../../../api/client/reads.ts";
import { client } from "../../data/client.ts";
import { localTime } from "../../data/format.ts";
import { useLive, type Live } from "../../data/live.ts";
import { seldom } from "../../data/pace.ts";
import { Button } from "../../parts/button.tsx";
import { AsOf, Loaded } from "../../parts/loaded.tsx";
import { SeriesMark, seriesClass } from "../../parts/share-bar.tsx";
import { Time } from "../../parts/time.tsx";
import { isSplit, type Branch } from "./tree.ts";
import type { RouteMetrics } from "./figures.ts";
import {
  curvesOf,
  MEASURES,
  PERIODS,
  type Curve,
  type MeasureName,
  type PeriodName,
} from "./lines.ts";

const HEIGHT = 220;

const FIRST_PERIOD: PeriodName = "1h";

/** Rows of a chart's table, the newest first: what is older is told by the chart. */
const MAX_ROWS = 60;

/** A dash for each place: the lines differ without colour too. */
const DASHES = [[], [6, 3], [2, 3], [10, 3, 2, 3], [12, 4], [4, 2]] as const;

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of a constant
const MEASURE_NAMES = Object.keys(MEASURES) as readonly MeasureName[];
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as above
const PERIOD_NAMES = Object.keys(PERIODS) as readonly PeriodName[];

interface CurvesProps {
  readonly times: readonly number[];
  readonly curves: readonly Curve[];
  readonly told: (value: number) => string;
  readonly label: string;
}

function Canvas({ times, curves, told, label }: CurvesProps) {
  const element = useRef<HTMLDivElement>(null);
  const [scheme, setScheme] = useState(0);
  useEffect(() => {
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const changed = () => setScheme((count) => count + 1);
    dark.addEventListener("change", changed);
    return () => dark.removeEventListener("change", changed);
  }, []);
  useEffect(() => {
    const into = element.current;
    if (into === null) return undefined;
    let isGone = false;
    let remove = () => {};
    // What draws is loaded with the first chart that is looked at.
    void import("./plot.ts").then(({ plot }) => {
      if (isGone) return undefined;
      const probes = [...into.querySelectorAll<HTMLElement>("[data-probe]")];
      const colourOf = (name: string) => {
        const probe = probes.find(({ dataset }) => dataset["probe"] === name);
        return probe === undefined ? "gray" : getComputedStyle(probe).color;
      };
      remove = plot(into, {
        times: times.map((at) => at / 1000),
        lines: curves.map(({ name, index, values }) => ({
          name,
          values,
          colour: colourOf(String(index)),
          dash: DASHES[index % DASHES.length] ?? [],
        })),
        colours: { text: colourOf("text"), grid: colourOf("grid") },
        told,
        height: HEIGHT,
      });
      return undefined;
    });
    return () => {
      isGone = true;
      remove();
    };
  }, [times, curves, told, scheme]);
  return (
    <div class="route-canvas" role="img" aria-label={label} ref={element}>
      {curves.map(({ index }) => (
        <i key={index} hidden data-probe={String(index)} class={seriesClass(index)} />
      ))}
      <i hidden data-probe="text" class="soft" />
      <i hidden data-probe="grid" class="route-grid" />
    </div>
  );
}

function Table({ times, curves, told }: CurvesProps) {
  const rows = times
    .map((at, index) => ({ at, index }))
    .toReversed()
    .slice(0, MAX_ROWS);
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls has to be reached by the keyboard
    <div class="route-chart-table" tabIndex={0} role="region" aria-label="The chart as a table">
      <table class="table">
        <thead>
          <tr>
            <th scope="col">From</th>
            {curves.map(({ name }) => (
              <th scope="col" key={name} class="number">
                <span class="name">{name}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ at, index }) => (
            <tr key={at}>
              <td>
                <Time at={at} />
              </td>
              {curves.map(({ name, values }) => {
                const value = values[index];
                return (
                  <td key={name} class="number">
                    {value === null || value === undefined ? "–" : told(value)}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface PickProps<T extends string> {
  readonly label: string;
  readonly names: readonly T[];
  readonly title: (name: T) => string;
  readonly value: T;
  readonly onPick: (name: T) => void;
}

function Pick<T extends string>({ label, names, title, value, onPick }: PickProps<T>) {
  return (
    <select
      class="input route-pick"
      aria-label={label}
      value={value}
      onChange={({ currentTarget }) => {
        const picked = names.find((name) => name === currentTarget.value);
        if (picked !== undefined) onPick(picked);
      }}
    >
      {names.map((name) => (
        <option key={name} value={name}>
          {title(name)}
        </option>
      ))}
    </select>
  );
}

interface DrawnProps {
  readonly metrics: RouteMetrics;
  readonly branch: Branch;
  readonly measure: MeasureName;
  readonly period: PeriodName;
  readonly isTable: boolean;
}

function Drawn({ metrics, branch: { leaf }, measure, period, isTable }: DrawnProps) {
  const { told, title } = MEASURES[measure];
  const known = useMemo(
    () =>
      leaf === undefined
        ? { times: [], curves: [], leftOut: 0 }
        : curvesOf(
            metrics,
            leaf.experiment,
            leaf.variants.map(({ name }) => name),
            MEASURES[measure],
          ),
    [metrics, leaf, measure],
  );
  const { times, curves, leftOut } = known;
  if (times.length === 0)
    return <p class="route-nothing soft">Nobody has asked for this route in this time.</p>;
  const from = times[0] ?? 0;
  const label = `${title}, ${PERIODS[period].title.toLowerCase()}, from ${localTime(from)}: ${curves.map(({ name }) => name).join(", ")}`;
  const shown = { times, curves, told, label };
  return (
    <>
      <ul class="route-legend">
        {curves.map(({ name, index }) => (
          <li key={name}>
            <SeriesMark index={index} />
            <span class="name route-cut" title={name}>
              {name}
            </span>
          </li>
        ))}
        {leftOut > 0 && <li class="soft">and {leftOut} with fewer requests</li>}
      </ul>
      {isTable ? <Table {...shown} /> : <Canvas {...shown} />}
    </>
  );
}

/** Where what is drawn comes from: the last hour is known to the page already. */
function Farther({
  routeKey,
  ...drawn
}: Omit<DrawnProps, "metrics"> & { readonly routeKey: string }) {
  const { window, step } = PERIODS[drawn.period];
  const { live } = useLive(
    `metrics ${routeKey} ${drawn.period}`,
    async () => routeMetrics(client, routeKey, { window, step }),
    seldom,
  );
  return <Plot of={live.value} {...drawn} />;
}

function Plot({ of, ...drawn }: Omit<DrawnProps, "metrics"> & { readonly of: Live<RouteMetrics> }) {
  return (
    <>
      <Loaded of={of} skeleton={<div class="skeleton route-canvas">Over time</div>}>
        {(metrics) => <Drawn {...drawn} metrics={metrics} />}
      </Loaded>
      <p class="soft">
        <AsOf of={of} />
      </p>
    </>
  );
}

interface ChartProps {
  readonly routeKey: string;
  readonly branches: readonly Branch[];
  /** The metrics of the last hour, minute by minute. */
  readonly hour: Live<RouteMetrics>;
}

/** One split over time: as a chart, or as the table that says the same. */
export function Chart({ routeKey, branches, hour }: ChartProps) {
  const leaves = branches.filter(({ leaf }) => leaf !== undefined);
  const [pointer, setPointer] = useState<string>();
  const [measure, setMeasure] = useState<MeasureName>("requests");
  const [period, setPeriod] = useState<PeriodName>(FIRST_PERIOD);
  const [isTable, setTable] = useState(false);
  const branch = leaves.find((one) => one.pointer === pointer) ?? leaves.find(isSplit) ?? leaves[0];
  if (branch === undefined) return null;
  const drawn = { branch, measure, period, isTable };
  const titleOf = (one: string) => leaves.find((leaf) => leaf.pointer === one)?.label ?? "";
  return (
    <section class="card" aria-labelledby="route-chart">
      <header>
        <h2 id="route-chart">Over time</h2>
        <div class="row push">
          {leaves.length > 1 && (
            <Pick
              label="Which part of the policy"
              names={leaves.map((one) => one.pointer)}
              title={(one) => titleOf(one) || "the whole"}
              value={branch.pointer}
              onPick={setPointer}
            />
          )}
          <Pick
            label="What is drawn"
            names={MEASURE_NAMES}
            title={(name) => MEASURES[name].title}
            value={measure}
            onPick={setMeasure}
          />
          <Pick
            label="How far back"
            names={PERIOD_NAMES}
            title={(name) => PERIODS[name].title}
            value={period}
            onPick={setPeriod}
          />
          <Button aria-pressed={isTable} onClick={() => setTable(!isTable)}>
            As a table
          </Button>
        </div>
      </header>
      <div class="inside route-chart">
        {period === FIRST_PERIOD ? (
          <Plot of={hour} {...drawn} />
        ) : (
          <Farther routeKey={routeKey} {...drawn} />
        )}
      </div>
    </section>
  );
}
