import { status, type StatusPage } from "../../../api/client/reads.ts";
import { client } from "../../data/client.ts";
import { percent } from "../../data/format.ts";
import { useLive } from "../../data/live.ts";
import { Badge } from "../../parts/badge.tsx";
import { Empty } from "../../parts/empty.tsx";
import { AsOf, Loaded } from "../../parts/loaded.tsx";
import { ShareBar } from "../../parts/share-bar.tsx";

async function firstPage(): Promise<StatusPage> {
  for await (const page of status(client, { limit: 100 })) return page;
  throw new Error("a list of routes has a first page");
}

type RouteStatus = StatusPage["routes"][number];

function Row({ route, drift, experiments }: RouteStatus) {
  const [experiment] = experiments;
  const failing = Object.values(experiment?.failureShare ?? {});
  return (
    <tr>
      <td>
        <a class="name" href={`/routes/${encodeURIComponent(route)}`}>
          {route}
        </a>
      </td>
      <td>{experiment && <ShareBar shares={experiment.shares} />}</td>
      <td class="number">{failing.length === 0 ? "–" : percent(Math.max(...failing))}</td>
      <td>{drift && <Badge tone="warn">drift</Badge>}</td>
    </tr>
  );
}

/** All routes, and how each does. */
export function Routes() {
  const { live } = useLive("status", firstPage);
  return (
    <div class="stack">
      <div class="row">
        <h1>Routes</h1>
        <span class="push">
          <AsOf of={live.value} />
        </span>
      </div>
      <Loaded of={live.value} skeleton={<div class="card skeleton">Routes</div>}>
        {({ routes }) =>
          routes.length === 0 ? (
            <Empty title="There is no route yet">
              <p>
                Make one with <code>sy put KEY FILE</code>.
              </p>
            </Empty>
          ) : (
            <div class="card scroll-x">
              <table class="table">
                <thead>
                  <tr>
                    <th>Route</th>
                    <th>Shares</th>
                    <th class="number">Failures, last minute</th>
                    <th>Marks</th>
                  </tr>
                </thead>
                <tbody>
                  {routes.map((route) => (
                    <Row key={route.route} {...route} />
                  ))}
                </tbody>
              </table>
            </div>
          )
        }
      </Loaded>
    </div>
  );
}
