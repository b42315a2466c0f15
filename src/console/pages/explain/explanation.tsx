import { routeAddress } from "../../data/addresses.ts";
import { Badge } from "../../parts/badge.tsx";
import { Notice } from "../../parts/notice.tsx";
import { Time } from "../../parts/time.tsx";
import { stepsOf, whyOf, type Explanation as Explained } from "./in-words.ts";

function Verdict({ of }: { readonly of: Explained }) {
  const { decision, answer } = of;
  if (decision !== null)
    return (
      <>
        <p class="soft">This request gets</p>
        <h2 class="name explain-variant">{decision.variant}</h2>
        <p>
          <Badge tone="accent">{decision.because}</Badge> {whyOf(of)}
        </p>
      </>
    );
  return (
    <>
      <p class="soft">The gateway answers by itself</p>
      <h2 class="name explain-variant">{answer === null ? "no variant" : answer.status}</h2>
      <p>{of.summary}</p>
    </>
  );
}

function Facts({ of: { decision, answer, at, path } }: { readonly of: Explained }) {
  const facts: readonly (readonly [string, string])[] =
    decision === null
      ? [
          ["Asked for", path],
          ["Leads to", answer?.location ?? "–"],
        ]
      : [
          ["Goes to", decision.origin],
          ["Asked for there", decision.path],
          ["Experiment", decision.experiment ?? "none"],
          ["Shares in force", decision.allocation ?? "–"],
          ["Counted", decision.counted ? "yes, in the statistics" : "no"],
          ["Cookie", decision.setsCookie ? "one is set, so that it stays so" : "none is set"],
          ["Mirrored", decision.mirrored ? "yes, a copy is sent" : "no"],
        ];
  return (
    <dl class="explain-facts">
      {facts.map(([term, fact]) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd class="name">{fact}</dd>
        </div>
      ))}
      <div>
        <dt>As of</dt>
        <dd>
          <Time at={at} />
        </dd>
      </div>
    </dl>
  );
}

/** A decision: what it is, then every step to it. */
export function Explanation({ of }: { readonly of: Explained }) {
  const { key, outOfScope = [] } = of;
  return (
    <article class="card explain-told" aria-label="Explanation">
      <div class="explain-verdict">
        <Verdict of={of} />
      </div>
      {outOfScope.length > 0 && (
        <Notice
          tone="warn"
          title={`Unless there is a route outside your scope: ${outOfScope.join(", ")}`}
        />
      )}
      <h3>Step by step</h3>
      <ol class="explain-steps">
        {stepsOf(of).map(({ title, outcome }, index) => (
          <li key={index}>
            <strong>{title}</strong>
            <span class="name">{outcome}</span>
          </li>
        ))}
      </ol>
      <Facts of={of} />
      <footer class="row">
        <a href={routeAddress(key)}>Open the route</a>
        <a href={routeAddress(key, "history")}>Its history</a>
      </footer>
    </article>
  );
}
