import type { ExperimentResults } from "../../../api/results.ts";
import { count, milliseconds, percent } from "../../data/format.ts";
import { Badge } from "../../parts/badge.tsx";
import { Scroll } from "../../parts/scroll.tsx";
import { VariantName } from "./variant-name.tsx";
import { Columns, numberColumn, textColumn } from "../../parts/columns.tsx";

/** What is told of each variant. */
const COLUMNS = [
  textColumn("Variant"),
  numberColumn("Visitors"),
  numberColumn("Expected"),
  numberColumn("Met two variants"),
  numberColumn("Requests"),
  numberColumn("Failed"),
  numberColumn("p50"),
  numberColumn("p95"),
  numberColumn("p99"),
];

const APART = [
  ["byRule", "chosen by a rule"],
  ["olderPins", "on an older pin"],
  ["unchecked", "with an id that is not ours"],
] as const;

/** Exposures that are in no figure, and why. */
function apartWords({ apart }: ExperimentResults): string | undefined {
  const told = APART.filter(([name]) => apart[name] > 0);
  if (told.length === 0) return undefined;
  return `In no result: ${told.map(([name, what]) => `${count(apart[name])} ${what}`).join(", ")}.`;
}

interface VariantsProps {
  readonly result: ExperimentResults;
  readonly seriesOf: (variant: string) => number;
}

/** Visitors of each variant beside what its share says, and how its requests did over the same minutes. */
export function Variants({ result, seriesOf }: VariantsProps) {
  const { experiment, variants, control, operations = [] } = result;
  const apart = apartWords(result);
  return (
    <section class="results-measure" aria-label={`Visitors and requests, ${experiment}`}>
      <header class="row">
        <h3>Visitors and requests</h3>
        <span class="soft">requests that count, over the same minutes</span>
      </header>
      <Scroll label={`Figures of visitors and requests, ${experiment}`}>
        <table class="table">
          <Columns of={COLUMNS} />
          <tbody>
            {variants.map(({ variant, visitors, expected, crossoverShare }) => {
              const asked = operations.find((one) => one.variant === variant);
              return (
                <tr key={variant}>
                  <th scope="row">
                    <span class="row">
                      <VariantName name={variant} series={seriesOf(variant)} />
                      {variant === control && <Badge>control</Badge>}
                    </span>
                  </th>
                  <td class="number">{count(visitors)}</td>
                  <td class="number">{count(expected)}</td>
                  <td class="number">{percent(crossoverShare)}</td>
                  <td class="number">{asked === undefined ? "–" : count(asked.requests)}</td>
                  <td class="number">{percent(asked?.failureShare)}</td>
                  <td class="number">{milliseconds(asked?.latency.p50)}</td>
                  <td class="number">{milliseconds(asked?.latency.p95)}</td>
                  <td class="number">{milliseconds(asked?.latency.p99)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </Scroll>
      {apart !== undefined && <p class="soft">{apart}</p>}
    </section>
  );
}
