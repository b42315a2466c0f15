import "./results.css";

import { useRoute } from "preact-iso";

import { routeResults } from "../../../api/client/reads.ts";
import { client } from "../../data/client.ts";
import { useLive } from "../../data/live.ts";
import { Empty } from "../../parts/empty.tsx";
import { AsOf, Loaded } from "../../parts/loaded.tsx";
import { RouteTabs } from "../../parts/route-tabs.tsx";
import { Experiment } from "./experiment.tsx";

function Skeleton() {
  return (
    <div class="card results-skeleton">
      {["head", "verdict", "facts", "plot", "table"].map((part) => (
        <div key={part} class="skeleton" data-part={part} />
      ))}
    </div>
  );
}

/** What is concluded of each experiment of a route: the sentence first. */
export default function Results() {
  const { params } = useRoute();
  const key = params["key"] ?? "";
  const { live } = useLive(`results ${key}`, async () => routeResults(client, key));
  return (
    <div class="stack">
      <RouteTabs routeKey={key} current="results">
        <span class="push">
          <AsOf of={live.value} />
        </span>
      </RouteTabs>
      <Loaded of={live.value} skeleton={<Skeleton />}>
        {({ experiments }) =>
          experiments.length === 0 ? (
            <Empty title="There is no experiment here">
              <p>
                Nobody was exposed to a split of this route yet. Results begin with the first
                visitor of a <code>weighted</code> or <code>canary</code> policy.
              </p>
            </Empty>
          ) : (
            experiments.map((result) => <Experiment key={result.experiment} result={result} />)
          )
        }
      </Loaded>
    </div>
  );
}
