import "./route.css";

import { useRoute } from "preact-iso";
import { useEffect } from "preact/hooks";

import { getRoute, routeMetrics, routeResults, type Route } from "../../../api/client/reads.ts";
import type { RouteResults } from "../../../api/results.ts";
import { client } from "../../data/client.ts";
import { count } from "../../data/format.ts";
import { useLive } from "../../data/live.ts";
import { behindReports, seldom } from "../../data/pace.ts";
import { Badge } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { useFold } from "../../parts/fold.ts";
import { AsOf, Loaded } from "../../parts/loaded.tsx";
import { Notice } from "../../parts/notice.tsx";
import { RouteTabs } from "../../parts/route-tabs.tsx";
import { Time } from "../../parts/time.tsx";
import { Undo } from "../change/undo.tsx";
import { Chart } from "./chart.tsx";
import { Drift } from "./drift.tsx";
import type { RouteMetrics } from "./figures.ts";
import { Publishing } from "./publishing.tsx";
import { SplitCard } from "./split-card.tsx";
import type { Branch } from "./tree.ts";
import { useTree } from "./use-tree.ts";

/** Parts of a policy shown at first: each is a table, and a map may have thousands. */
const MAX_BRANCHES = 25;

/** Minute by minute, the last hour. */
const HOUR = { window: 3_600, step: 60 } as const;

/** Who made the newest version, when, how and why. */
function Made({ route: { author, at, action, note } }: { readonly route: Route }) {
  if (author === null || at === null) return null;
  return (
    <p class="soft route-made">
      <span class="name">{author}</span> · {action} · <Time at={at} ago />
      {note !== "" && (
        <>
          {" "}
          · <span class="name">“{note}”</span>
        </>
      )}
    </p>
  );
}

interface TreeViewProps {
  readonly routeKey: string;
  readonly branches: readonly Branch[];
  readonly metrics: RouteMetrics | undefined;
  readonly results: RouteResults | undefined;
}

function TreeView({ routeKey, branches, metrics, results }: TreeViewProps) {
  const { list, shown, more, unfold } = useFold<HTMLUListElement, Branch>(branches, MAX_BRANCHES);
  return (
    <>
      <ul ref={list} class="route-tree" aria-label="The policy">
        {shown.map((branch) => (
          <li key={branch.pointer} class={`route-depth-${Math.min(branch.depth, 3)}`}>
            {branch.leaf === undefined ? (
              <div class="route-node">
                <span class="name">{branch.label || "The whole policy"}</span>{" "}
                <Badge>{branch.strategy}</Badge>
              </div>
            ) : (
              <SplitCard
                routeKey={routeKey}
                branch={branch}
                metrics={metrics}
                experiment={results?.experiments.find(
                  ({ experiment }) => experiment === branch.leaf?.experiment,
                )}
              />
            )}
          </li>
        ))}
      </ul>
      {more > 0 && <Button onClick={unfold}>Show {count(more)} more parts</Button>}
    </>
  );
}

function Skeleton() {
  return (
    <div class="stack">
      <div class="card skeleton route-skeleton">The policy</div>
      <div class="card skeleton route-skeleton">Over time</div>
    </div>
  );
}

/** Asks for figures behind each report, for what goes with them now and then, and for all of it at once after an edit. */
function useRouteNews(key: string) {
  const route = useLive(`route ${key}`, async () => getRoute(client, key), seldom);
  const metrics = useLive(
    `metrics ${key}`,
    async () => routeMetrics(client, key, HOUR),
    behindReports,
  );
  const results = useLive(`results ${key}`, async () => routeResults(client, key), seldom);
  const newest = metrics.live.value.value?.version;
  const known = route.live.value.value?.version;
  const [askRoute, askResults] = [route.ask, results.ask];
  useEffect(() => {
    if (newest === undefined || known === undefined || newest === known) return;
    askRoute();
    askResults();
  }, [newest, known, askRoute, askResults]);
  return { route, metrics, results };
}

/** One route: its policy as the tree that it is, with what each variant does now. */
export default function RoutePage() {
  const { key = "" } = useRoute().params;
  const { route, metrics, results } = useRouteNews(key);
  const known = route.live.value.value;
  const branches = useTree(known);
  return (
    <div class="stack">
      <RouteTabs routeKey={key} current="overview">
        {known !== undefined && (
          <>
            <Badge>version {known.version}</Badge>
            <Publishing route={known} />
          </>
        )}
        <span class="push">
          <AsOf of={metrics.live.value} />
        </span>
      </RouteTabs>
      <Loaded of={route.live.value} skeleton={<Skeleton />}>
        {(value) => (
          <>
            <Made route={value} />
            <Undo newest={value} onMade={route.ask} />
            <Drift route={value} onDone={route.ask} />
            {metrics.live.value.error !== undefined && (
              <Notice tone="warn" title="There are no new figures just now">
                <p>The hub does not answer. The policy below is what is served all the same.</p>
              </Notice>
            )}
            {branches === undefined ? (
              <Notice tone="warn" title="This policy cannot be shown as a tree">
                <p>
                  It was not written by this release, or only KV has it. The editor shows it to the
                  letter.
                </p>
              </Notice>
            ) : (
              <>
                <TreeView
                  routeKey={key}
                  branches={branches}
                  metrics={metrics.live.value.value}
                  results={results.live.value.value}
                />
                <Chart routeKey={key} branches={branches} hour={metrics.live.value} />
              </>
            )}
          </>
        )}
      </Loaded>
    </div>
  );
}
