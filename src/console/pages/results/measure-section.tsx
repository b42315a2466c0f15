import { chance, differenceInWords } from "../../../stats/words.ts";
import { count, signedPercent } from "../../data/format.ts";
import { Badge } from "../../parts/badge.tsx";
import { figureOf, type Comparison, type Measure } from "./measures.ts";
import { Plot, VerdictBadge } from "./plot.tsx";
import { intervalOf } from "./scale.ts";
import { Scroll } from "../../parts/scroll.tsx";
import { VariantName } from "./variant-name.tsx";
import { Columns, numberColumn, textColumn } from "../../parts/columns.tsx";

/** What is told of each variant beside the control. */
const columnsOf = ({ unit }: Measure) => [
  textColumn("Variant"),
  numberColumn("Visitors"),
  numberColumn("Reached"),
  numberColumn(unit === "points" ? "Rate" : "Mean a visitor"),
  numberColumn("Difference (interval)"),
  numberColumn("Lift"),
  numberColumn("Chance"),
  numberColumn("Detectable", "The smallest difference that such a sample shows"),
  textColumn("Verdict"),
];

interface MeasureProps {
  /** Whose measure it is. */
  readonly experiment: string;
  readonly measure: Measure;
  readonly control: string;
  /** Whether the verdict is of this one. */
  readonly decides: boolean;
  readonly seriesOf: (variant: string) => number;
}

/** A difference that such a sample would show, in the unit of the figures. */
function detectable({ detectable: least }: Comparison, { unit }: Measure): string {
  if (least === null) return "–";
  const scaled = least * (unit === "points" ? 100 : 1);
  return `${Number(scaled.toPrecision(2))}${unit === "points" ? " points" : ""}`;
}

function waiting({ verdict, visitorsNeeded }: Comparison): string {
  if (verdict !== "too-early" || visitorsNeeded == null) return "–";
  return `about ${count(visitorsNeeded)} more visitors`;
}

function ComparedCells({ one, measure }: { one: Comparison | undefined; measure: Measure }) {
  if (one === undefined)
    return (
      <td class="soft" colSpan={5}>
        control: the others are compared with it
      </td>
    );
  const interval = intervalOf(one);
  return (
    <>
      <td class="number">
        {interval === undefined ? waiting(one) : differenceInWords(interval, measure.unit)}
      </td>
      <td class="number">
        {interval === undefined || one.lift === null ? "–" : signedPercent(one.lift)}
      </td>
      <td class="number">{interval === undefined ? "–" : chance(one.p)}</td>
      <td class="number">{detectable(one, measure)}</td>
      <td>
        <VerdictBadge verdict={one.verdict} />
      </td>
    </>
  );
}

function Figures({ experiment, measure, control, seriesOf }: Omit<MeasureProps, "decides">) {
  const { title, variants, comparisons } = measure;
  return (
    <Scroll label={`Figures of ${title}, ${experiment}`}>
      <table class="table">
        <Columns of={columnsOf(measure)} />
        <tbody>
          {variants.map((one) => (
            <tr key={one.variant}>
              <th scope="row">
                <VariantName name={one.variant} series={seriesOf(one.variant)} />
              </th>
              <td class="number">{count(one.visitors)}</td>
              <td class="number">{count(one.conversions)}</td>
              <td class="number">{figureOf(one)}</td>
              <ComparedCells
                one={
                  one.variant === control
                    ? undefined
                    : comparisons.find(({ variant }) => variant === one.variant)
                }
                measure={measure}
              />
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

/** One goal, or failures: the intervals drawn, and the numbers below them. */
export function MeasureSection({ experiment, measure, control, decides, seriesOf }: MeasureProps) {
  const { title, notes, comparisons, variants } = measure;
  const isIdle = !decides && variants.every(({ conversions }) => conversions === 0);
  return (
    <section class="results-measure" aria-label={`${title}, ${experiment}`}>
      <header class="row">
        <h3 class="name">{title}</h3>
        {decides && <Badge tone="accent">decides</Badge>}
        {notes.length > 0 && <span class="soft">{notes.join(" · ")}</span>}
      </header>
      {comparisons.some((one) => intervalOf(one) !== undefined) && (
        <Plot measure={measure} control={control} seriesOf={seriesOf} />
      )}
      {isIdle ? (
        <p class="soft">Nobody so far.</p>
      ) : (
        <Figures experiment={experiment} measure={measure} control={control} seriesOf={seriesOf} />
      )}
    </section>
  );
}
