import { judgeGuard } from "../../stats/guard/judge.ts";
import type { JudgedCheck, Judgement } from "../../stats/guard/types.ts";
import { blanked, gathered, type Judged, type Sources } from "./gather.ts";

/** What the figures of a guarded split come to. A variant that gets no visitors any more is still compared, and has nothing to be taken back from. */
export function judged(sources: Sources, of: Judged): Judgement {
  const data = gathered(sources, of);
  const gone = new Set<string>();
  for (;;) {
    const judgement = judgeGuard(blanked(data, gone));
    const before = gone.size;
    for (const { verdict, variant } of judgement.checks)
      if (
        verdict === "breached" &&
        variant !== undefined &&
        !of.situation.variants.includes(variant)
      )
        gone.add(variant);
    if (gone.size === before) return judgement;
  }
}

/** The checks that are breached. */
export const breachesOf = ({ checks }: Judgement): JudgedCheck[] =>
  checks.filter(({ verdict }) => verdict === "breached");
