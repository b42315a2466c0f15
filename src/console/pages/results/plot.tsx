import { differenceInWords, list } from "../../../stats/words.ts";
import { Badge, type Tone } from "../../parts/badge.tsx";
import type { Comparison, Measure } from "./measures.ts";
import { VariantName } from "./variant-name.tsx";
import { intervalOf, linesOf, placeOf, scaleOf, type Interval, type Scale } from "./scale.ts";

const VERDICTS: Readonly<Record<Comparison["verdict"], readonly [Tone, string]>> = {
  better: ["good", "better"],
  worse: ["bad", "worse"],
  undecided: ["none", "undecided"],
  "too-early": ["none", "too early"],
};

/** What came of a comparison, as a word with a sign. */
export function VerdictBadge({ verdict }: Pick<Comparison, "verdict">) {
  const [tone, word] = VERDICTS[verdict];
  return <Badge tone={tone}>{word}</Badge>;
}

const at = (value: number, scale: Scale): string => `${placeOf(value, scale).toFixed(2)}%`;

const TICK = new Intl.NumberFormat("en", { signDisplay: "exceptZero", maximumFractionDigits: 6 });

/** Half the height of an interval's end (px). */
const END = 5;

interface LaneProps {
  readonly scale: Scale;
  readonly interval?: Interval | undefined;
  readonly isControl?: boolean;
}

/** One line of the drawing: the axis' lines behind, then the interval with its ends and its middle. */
function Lane({ scale, interval, isControl = false }: LaneProps) {
  return (
    <div class="results-lane">
      <svg aria-hidden="true">
        {linesOf(scale).map((value) => (
          <line
            key={value}
            class={value === 0 ? "results-zero" : "results-grid"}
            x1={at(value, scale)}
            x2={at(value, scale)}
            y1="0"
            y2="100%"
          />
        ))}
        {/* From here on 0 is the middle of the line. */}
        <svg y="50%">
          {isControl && <circle class="results-control" cx="50%" r={END} />}
          {interval !== undefined && (
            <>
              <line
                class="results-range"
                x1={at(interval.low, scale)}
                x2={at(interval.high, scale)}
              />
              {(["low", "high"] as const).map((end) => (
                <line
                  key={end}
                  class="results-range"
                  x1={at(interval[end], scale)}
                  x2={at(interval[end], scale)}
                  y1={-END}
                  y2={END}
                />
              ))}
              <circle class="results-middle" cx={at(interval.difference, scale)} r={END} />
            </>
          )}
        </svg>
      </svg>
    </div>
  );
}

function spoken({ variant, verdict, ...numbers }: Comparison, { unit }: Measure): string {
  const interval = intervalOf({ verdict, ...numbers });
  if (interval === undefined) return `${variant}: too early`;
  return `${variant} ${VERDICTS[verdict][1]}: ${differenceInWords(interval, unit)}`;
}

interface PlotProps {
  readonly measure: Measure;
  readonly control: string;
  /** Which colour and shape a variant has. */
  readonly seriesOf: (variant: string) => number;
}

/** How each variant differs from the control: the interval that the difference lies in, around a line at zero. The table below it says the same. */
export function Plot({ measure, control, seriesOf }: PlotProps) {
  const { comparisons, unit, title, isLessBetter } = measure;
  const scale = scaleOf(comparisons.flatMap((one) => intervalOf(one) ?? []));
  const words = list(comparisons.map((one) => spoken(one, measure)));
  const tick = (value: number) =>
    TICK.format(Number((value * (unit === "points" ? 100 : 1)).toPrecision(6))).replace("-", "−");
  const [left, right] = isLessBetter ? ["better", "worse"] : ["worse", "better"];
  return (
    <figure
      class="results-plot"
      role="img"
      aria-label={`Difference to ${control} in ${title}. ${words}`}
    >
      <div class="results-line">
        <VariantName name={control} series={seriesOf(control)} />
        <Lane scale={scale} isControl />
        <span class="soft">control</span>
      </div>
      {comparisons.map((one) => (
        <div key={one.variant} class="results-line" data-verdict={one.verdict}>
          <VariantName name={one.variant} series={seriesOf(one.variant)} />
          <Lane scale={scale} interval={intervalOf(one)} />
          <span>
            <VerdictBadge verdict={one.verdict} />
          </span>
        </div>
      ))}
      <div class="results-line results-axis">
        <span />
        <div class="results-ticks">
          {linesOf(scale).map((value) => (
            <span key={value} style={{ left: at(value, scale) }}>
              {tick(value)}
            </span>
          ))}
        </div>
        <span />
        <span />
        <div class="results-sides soft">
          <span>← {left}</span>
          <span>{unit === "points" ? "points" : "a visitor"}</span>
          <span>{right} →</span>
        </div>
      </div>
    </figure>
  );
}
