import type { ExperimentResults } from "../../../api/results.ts";
import { Badge } from "../../parts/badge.tsx";
import { GuardStatus } from "../../parts/guard-status.tsx";
import { Foundations } from "./foundations.tsx";
import { MeasureSection } from "./measure-section.tsx";
import { measuresOf } from "./measures.ts";
import { STANDING_WORDS } from "./standings.ts";
import { Strata } from "./strata.tsx";
import { Variants } from "./variants.tsx";

/** One experiment: whether it is over, why, the intervals, the numbers. */
export function Experiment({ result }: { readonly result: ExperimentResults }) {
  const { experiment, control, standing, verdict, variants, allocations, guard } = result;
  const order = variants.map(({ variant }) => variant);
  const seriesOf = (variant: string) => Math.max(0, order.indexOf(variant));
  const told = standing === undefined ? undefined : STANDING_WORDS[standing];
  return (
    <section class="card" aria-label={`Experiment ${experiment}`}>
      <header>
        <h2 class="name">{experiment}</h2>
      </header>
      <div class="results-verdict" data-tone={told?.tone ?? "none"}>
        {told !== undefined && (
          <p class="results-standing">
            <Badge tone={told.tone}>{told.words}</Badge>
            <span class="soft">{told.advice}</span>
          </p>
        )}
        <p class="results-sentence name">{verdict}</p>
      </div>
      {allocations > 0 && (
        <>
          <Foundations result={result} />
          {measuresOf(result).map((measure, index) => (
            <MeasureSection
              key={measure.title}
              experiment={experiment}
              measure={measure}
              control={control}
              decides={index === 0}
              seriesOf={seriesOf}
            />
          ))}
        </>
      )}
      <Variants result={result} seriesOf={seriesOf} />
      {allocations > 0 && <Strata result={result} seriesOf={seriesOf} />}
      {guard != null && (
        <section class="results-measure" aria-label={`Guard of ${experiment}`}>
          <GuardStatus
            guard={guard}
            label={`Checks of the guard of ${experiment}`}
            seriesOf={seriesOf}
          />
        </section>
      )}
    </section>
  );
}
