import "./history.css";

import { useMemo, useState } from "preact/hooks";
import { useLocation, useRoute } from "preact-iso";

import type { AuditLog } from "../../../api/audit.ts";
import { findRoute, readAudit, type Route } from "../../../api/client/reads.ts";
import { routeAddress } from "../../data/addresses.ts";
import { Failure } from "../../../lib/failure.ts";
import { client } from "../../data/client.ts";
import { useLive } from "../../data/live.ts";
import { mayDo } from "../../data/me.ts";
import { now } from "../../data/now.ts";
import { Button } from "../../parts/button.tsx";
import { Empty } from "../../parts/empty.tsx";
import { AsOf, Loaded } from "../../parts/loaded.tsx";
import { ErrorNotice, Notice } from "../../parts/notice.tsx";
import { RouteTabs } from "../../parts/route-tabs.tsx";
import { Compare } from "./compare.tsx";
import { Diffs } from "./diffs.ts";
import { Entry } from "./entry.tsx";
import { RollBackDialog } from "./roll-back-dialog.tsx";
import { comparedIn, daysOf, entriesOf, versionsOf, type Entry as EntryOf } from "./timeline.ts";

/** Entries on one page. */
const PAGE = 50;

/** The newest entries tell at once what they changed; of others one asks. */
const TOLD = 8;

/** What is known of a route's past. */
interface Past {
  readonly log: AuditLog;
  /** Absent where it is deleted. */
  readonly route: Route | undefined;
}

/** Of a route that only KV has there is no history yet, which is not a failure. */
const isUnwritten = (error: unknown): boolean =>
  error instanceof Failure && error.code === "route-not-found";

async function pastOf(key: string): Promise<Past> {
  const [log, route] = await Promise.allSettled([
    readAudit(client, key, PAGE),
    findRoute(client, key),
  ]);
  if (route.status === "rejected") throw route.reason;
  if (log.status === "fulfilled") return { log: log.value, route: route.value };
  if (route.value === undefined || !isUnwritten(log.reason)) throw log.reason;
  return { log: { entries: [], cursor: null }, route: route.value };
}

/** Earlier pages, which do not change. */
function useEarlier(key: string) {
  const [pages, setPages] = useState<readonly AuditLog[]>([]);
  const [error, setError] = useState<unknown>();
  const more = async (cursor: string) => {
    try {
      const page = await readAudit(client, key, PAGE, cursor);
      setPages((known) => [...known, page]);
      setError(undefined);
    } catch (reason) {
      setError(reason);
    }
  };
  return { pages, error, more };
}

function Outline() {
  return (
    <div class="card history-outline">
      {Array.from({ length: 6 }, (_, row) => (
        <p key={row} class="skeleton">
          Who did what
        </p>
      ))}
    </div>
  );
}

interface DaysProps {
  readonly entries: readonly EntryOf[];
  readonly diffs: Diffs;
  readonly newest: number | undefined;
  readonly onRollBack: ((version: number) => void) | undefined;
}

function Days({ entries, diffs, newest, onRollBack }: DaysProps) {
  const told = new Set(entries.slice(0, TOLD).map(({ id }) => id));
  return (
    <>
      {daysOf(entries, now.peek()).map(({ title, entries: ofDay }) => (
        <section key={title} class="history-day">
          <h2>{title}</h2>
          <ol class="card">
            {ofDay.map((entry) => (
              <Entry
                key={entry.id}
                entry={entry}
                diffs={diffs}
                isTold={told.has(entry.id)}
                isNewest={entry.makes && entry.version === newest}
                onRollBack={onRollBack}
              />
            ))}
          </ol>
        </section>
      ))}
    </>
  );
}

function HistoryOf({ routeKey }: { readonly routeKey: string }) {
  const { query, route: goTo } = useLocation();
  const diffs = useMemo(() => new Diffs(routeKey), [routeKey]);
  const { live, ask } = useLive(`history ${routeKey}`, async () => pastOf(routeKey));
  const earlier = useEarlier(routeKey);
  const [target, setTarget] = useState<number>();
  const [done, setDone] = useState<string>();
  const address = routeAddress(routeKey, "history");
  const compared = comparedIn(query);

  return (
    <div class="stack">
      <RouteTabs routeKey={routeKey} current="history">
        <span class="push">
          <AsOf of={live.value} />
        </span>
      </RouteTabs>
      {done !== undefined && <Notice tone="good" title={done} />}
      <Loaded of={live.value} skeleton={<Outline />}>
        {({ log, route }) => {
          const entries = entriesOf([log, ...earlier.pages]);
          const versions = versionsOf(entries);
          const [newest] = versions;
          const cursor = earlier.pages.length === 0 ? log.cursor : earlier.pages.at(-1)?.cursor;
          if (newest === undefined)
            return (
              <Empty title="Nothing was done here yet">
                <p>KV has this route; nobody has edited it.</p>
              </Empty>
            );
          return (
            <>
              {route === undefined && (
                <Notice tone="warn" title="This route is deleted">
                  <p>Roll back to a version to bring it back.</p>
                </Notice>
              )}
              {compared === undefined ? (
                <div class="row">
                  <Button
                    onClick={() => goTo(`${address}?from=${Math.max(0, newest - 1)}&to=${newest}`)}
                  >
                    Compare two versions
                  </Button>
                </div>
              ) : (
                <Compare
                  versions={versions}
                  diffs={diffs}
                  compared={compared}
                  onCompare={({ from, to }) => goTo(`${address}?from=${from}&to=${to}`, true)}
                />
              )}
              <Days
                entries={entries}
                diffs={diffs}
                newest={newest}
                onRollBack={mayDo("write", routeKey) ? setTarget : undefined}
              />
              {earlier.error !== undefined && <ErrorNotice error={earlier.error} />}
              {cursor != null && (
                <div class="row">
                  <Button onClick={() => void earlier.more(cursor)}>Show earlier</Button>
                </div>
              )}
            </>
          );
        }}
      </Loaded>
      {target !== undefined && (
        <RollBackDialog
          routeKey={routeKey}
          version={target}
          onClose={() => setTarget(undefined)}
          onDone={({ version }) => {
            setTarget(undefined);
            setDone(`Version ${version} is made: it says what version ${target} said`);
            ask();
          }}
        />
      )}
    </div>
  );
}

/** Who did what to a route, when and why, what moved, and the way back. */
export default function History() {
  const { params } = useRoute();
  const key = params["key"] ?? "";
  return <HistoryOf key={key} routeKey={key} />;
}
