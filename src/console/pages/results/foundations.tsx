import type { ComponentChildren } from "preact";

import type { ExperimentResults } from "../../../api/results.ts";
import { MANY_CROSSOVERS } from "../../../stats/verdict.ts";
import { chance } from "../../../stats/words.ts";
import { count, percent } from "../../data/format.ts";
import { Badge, type Tone } from "../../parts/badge.tsx";
import { Time } from "../../parts/time.tsx";

const SPLITS: Readonly<Record<ExperimentResults["srm"]["verdict"], readonly [Tone, string]>> = {
  ok: ["good", "as drawn"],
  warn: ["warn", "may be uneven"],
  alert: ["bad", "not as drawn"],
};

function Fact({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{title}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** What a verdict rests on: whether the split is sound, of how many visitors it is, how many met two variants, since when. */
export function Foundations({ result }: { readonly result: ExperimentResults }) {
  const { srm, variants, sampleRate, since, allocations } = result;
  const [tone, split] = SPLITS[srm.verdict];
  const visitors = variants.reduce((all, one) => all + one.visitors, 0);
  const most = variants.toSorted((a, b) => b.crossoverShare - a.crossoverShare)[0];
  const crossed = most?.crossoverShare ?? 0;
  return (
    <dl class="results-facts">
      <Fact title="Split">
        <Badge tone={tone}>{split}</Badge> <span class="soft">{chance(srm.p)}</span>
      </Fact>
      <Fact title="Visitors">
        {count(visitors)}{" "}
        <span class="soft">
          {sampleRate < 1 ? `a sample of ${Number((sampleRate * 100).toPrecision(3))} %` : "all"}
        </span>
      </Fact>
      <Fact title="Met two variants, at most">
        {crossed > MANY_CROSSOVERS ? (
          <Badge tone="warn">{percent(crossed)}</Badge>
        ) : (
          percent(crossed)
        )}{" "}
        {crossed > 0 && most !== undefined && <span class="soft name">of {most.variant}</span>}
      </Fact>
      <Fact title="Since">
        <Time at={since} ago />{" "}
        <span class="soft">
          {allocations === 1 ? "one allocation" : `${count(allocations)} allocations`}
        </span>
      </Fact>
    </dl>
  );
}
