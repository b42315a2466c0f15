import "./routes.css";

import { useCallback, useEffect, useMemo, useState } from "preact/hooks";
import { useLocation } from "preact-iso";

import { routeAddress } from "../../data/addresses.ts";
import { count } from "../../data/format.ts";
import { useLive } from "../../data/live.ts";
import { useTitle } from "../../data/title.ts";
import { Button } from "../../parts/button.tsx";
import { Empty } from "../../parts/empty.tsx";
import { AsOf, Loaded } from "../../parts/loaded.tsx";
import { Notice } from "../../parts/notice.tsx";
import { chosen, type Seen } from "./attention.ts";
import { Feed } from "./feed.ts";
import { Filters } from "./filters.tsx";
import { Hours } from "./hours.ts";
import { List } from "./list.tsx";
import { Outline } from "./outline.tsx";
import { RowFocus } from "./row-focus.ts";
import { addressOf, wantedIn } from "./wanted.ts";

function None({ q, onClear }: { readonly q: string; readonly onClear: () => void }) {
  return (
    <Empty title={q === "" ? "No route is like that now" : `No route has “${q}” in its key`}>
      <Button onClick={onClear}>Show all routes</Button>
    </Empty>
  );
}

function NoRoutes() {
  return (
    <Empty title="There is no route yet">
      <p>
        A route says who gets which version of a site. Make the first from a file:{" "}
        <code>sy put KEY FILE</code>
      </p>
    </Empty>
  );
}

function Missing({ parts }: { readonly parts: number }) {
  if (parts === 0) return null;
  return (
    <Notice tone="warn" title={`Routes are missing: ${count(parts)} parts of the hub are silent`}>
      <p>
        They serve as ever. <code>sy list</code> reads KV too, and lists all there are.
      </p>
    </Notice>
  );
}

/** All routes known, page after page until that is all of them. */
function useRoutes(feed: Feed) {
  const { live, ask } = useLive("routes", async (signal) => feed.read(signal));
  const { value, error } = live.value;
  useEffect(() => {
    if (value?.isWhole === false && error === undefined) ask();
  }, [value, error, ask]);
  return live.value;
}

/** All routes, and how each does: found as one types, those that fail or are marked first if one wants. */
export function Routes() {
  useTitle("Routes");
  const { query, route: goTo } = useLocation();
  const wanted = wantedIn(query);
  const { q, show, order } = wanted;
  const feed = useMemo(() => new Feed(), []);
  const hours = useMemo(() => new Hours(), []);
  const focus = useMemo(() => new RowFocus(), []);
  useEffect(() => () => hours.stop(), [hours]);
  const [search, setSearch] = useState<HTMLInputElement | null>(null);
  const live = useRoutes(feed);

  const all = live.value?.routes;
  const found = useMemo(() => chosen(all ?? [], { q, show, order }), [all, q, show, order]);
  const change = (to: Partial<typeof wanted>) => goTo(addressOf({ ...wanted, ...to }), true);
  const onView = useCallback(
    (inView: readonly Seen[]) => {
      feed.lookAt(inView);
      hours.want(inView.flatMap(({ shown, status }) => (shown === undefined ? [] : status.route)));
    },
    [feed, hours],
  );
  return (
    <div class="routes">
      <div class="row">
        <h1>Routes</h1>
        <span class="push">
          <AsOf of={{ ...live, asOf: feed.asOf() ?? live.asOf }} />
        </span>
      </div>
      <Filters
        search={search}
        setSearch={setSearch}
        wanted={wanted}
        routes={all}
        isWhole={live.value?.isWhole ?? false}
        onChange={change}
        onDown={() => focus.go(0)}
        onEnter={() => {
          const [first] = found;
          if (first !== undefined) goTo(routeAddress(first.status.route));
        }}
      />
      <Loaded of={live} skeleton={<Outline />}>
        {({ routes, unreachable, isWhole }) => (
          <>
            <Missing parts={unreachable} />
            {routes.length === 0 && isWhole && unreachable === 0 && <NoRoutes />}
            {routes.length > 0 && found.length === 0 && (
              <None q={q} onClear={() => change({ q: "", show: "all" })} />
            )}
            {found.length > 0 && (
              <List
                routes={found}
                hours={hours.known}
                focus={focus}
                order={order}
                onOrder={(by) => change({ order: by })}
                onView={onView}
                onLeave={() => search?.focus()}
              />
            )}
          </>
        )}
      </Loaded>
    </div>
  );
}
