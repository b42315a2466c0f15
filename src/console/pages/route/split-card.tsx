import type { RouteResults } from "../../../api/results.ts";
import type { Branch } from "./tree.ts";
import { isSplit } from "./tree.ts";
import { mayDo } from "../../data/me.ts";
import { now } from "../../data/now.ts";
import { Badge } from "../../parts/badge.tsx";
import { GuardStatus } from "../../parts/guard-status.tsx";
import { ShareBar } from "../../parts/share-bar.tsx";
import { changeAddress } from "../change/address.ts";
import { LEVERS, leversOf } from "../change/levers.ts";
import type { RouteMetrics } from "./figures.ts";
import { stagesOf } from "../../../policy/stages.ts";
import { StagesView } from "./stages-view.tsx";
import { MAX_ROWS, VariantTable } from "./variant-table.tsx";

type Experiment = RouteResults["experiments"][number];

/** The actions that take something back: they are one click away from the route. */
function Levers({ routeKey, branch }: { readonly routeKey: string; readonly branch: Branch }) {
  if (!mayDo("operate", routeKey) || !isSplit(branch)) return null;
  const quick = leversOf(branch, now.value).filter((name) => LEVERS[name].takesBack);
  return (
    <div class="row push">
      {quick.map((name) => (
        <a
          key={name}
          class="button"
          data-kind={LEVERS[name].isGrave ? "danger" : "normal"}
          href={changeAddress(routeKey, branch.pointer, name)}
        >
          {LEVERS[name].title}
        </a>
      ))}
      <a class="button" data-kind="primary" href={changeAddress(routeKey, branch.pointer)}>
        Change
      </a>
    </div>
  );
}

interface SplitCardProps {
  readonly routeKey: string;
  readonly branch: Branch;
  readonly metrics: RouteMetrics | undefined;
  readonly experiment: Experiment | undefined;
}

/** A part of the policy that ends in origins: who gets which, how each does, what the clock and the guard do. */
export function SplitCard({ routeKey, branch, metrics, experiment }: SplitCardProps) {
  const { leaf, label, strategy, policy } = branch;
  if (leaf === undefined) return null;
  const shares = leaf.definition.shares(leaf, now.value);
  const stages = stagesOf(leaf, now.value);
  const title = label === "" ? "Live now" : label;
  const forced = typeof policy === "string" ? undefined : policy.force;
  const guard = experiment?.guard;
  return (
    <article class="card route-split" aria-label={title}>
      <header>
        <h2 class="name">{title}</h2>
        <Badge>{strategy}</Badge>
        {forced !== undefined && <Badge tone="warn">forced: {forced}</Badge>}
        {experiment?.srm.verdict === "alert" && (
          <Badge tone="bad" title="The split is not what the policy says">
            sample ratio
          </Badge>
        )}
        <Levers routeKey={routeKey} branch={branch} />
      </header>
      {isSplit(branch) && leaf.variants.length <= MAX_ROWS && (
        <div class="route-bar">
          <ShareBar shares={leaf.variants.map(({ name }, index) => [name, shares[index] ?? 0])} />
        </div>
      )}
      <VariantTable
        leaf={leaf}
        shares={shares}
        metrics={metrics}
        caption={`Variants of ${title}`}
      />
      {experiment !== undefined && <p class="route-verdict">{experiment.verdict}</p>}
      {stages !== undefined && <StagesView leaf={leaf} stages={stages} />}
      {guard !== undefined && guard !== null && (
        <section class="route-guard" aria-label="Guard">
          <GuardStatus
            guard={guard}
            seriesOf={(variant) => leaf.variants.findIndex(({ name }) => name === variant)}
          />
        </section>
      )}
    </article>
  );
}
