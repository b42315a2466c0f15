import type { ExperimentResults } from "../../../api/results.ts";
import { count, percent } from "../../data/format.ts";
import { Time } from "../../parts/time.tsx";
import { Scroll } from "../../parts/scroll.tsx";
import { VariantName } from "./variant-name.tsx";

/** Allocations that are shown: a ramp may have made dozens, of which the last ones matter. */
const MAX_SHOWN = 20;

interface StrataProps {
  readonly result: ExperimentResults;
  readonly seriesOf: (variant: string) => number;
}

/** Each allocation for itself, folded away: figures of two are combined, and never thrown together. */
export function Strata({ result: { experiment, strata, goals }, seriesOf }: StrataProps) {
  const [goal] = goals;
  if (strata.length < 2) return null;
  const figure = (value: number | null | undefined) =>
    value == null ? "–" : goal?.cap === undefined ? percent(value) : value.toFixed(2);
  const left = strata.length - MAX_SHOWN;
  return (
    <details class="results-strata">
      <summary>
        Each of {count(strata.length)} allocations for itself
        <span class="soft"> · shares changed, so they are combined and never pooled</span>
      </summary>
      <Scroll label={`Each allocation for itself, ${experiment}`}>
        <table class="table">
          <thead>
            <tr>
              <th scope="col">Shares</th>
              <th scope="col">Since</th>
              <th scope="col">Variant</th>
              <th scope="col" class="number">
                Visitors
              </th>
              {goal !== undefined && (
                <th scope="col" class="number name">
                  {goal.goal}
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {strata.slice(-MAX_SHOWN).flatMap(({ allocation, since, variants }) =>
              variants.map(({ variant, visitors, goals: figures }, index) => (
                <tr key={`${since} ${variant}`}>
                  <td>{index === 0 && <span class="name">{allocation}</span>}</td>
                  <td>{index === 0 && <Time at={since} />}</td>
                  <td>
                    <VariantName name={variant} series={seriesOf(variant)} />
                  </td>
                  <td class="number">{count(visitors)}</td>
                  {goal !== undefined && <td class="number">{figure(figures[goal.goal])}</td>}
                </tr>
              )),
            )}
          </tbody>
        </table>
      </Scroll>
      {left > 0 && (
        <p class="soft">
          {count(left)} earlier ones: <code>sy results --json</code> has all.
        </p>
      )}
    </details>
  );
}
