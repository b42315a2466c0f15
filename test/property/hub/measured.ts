import { storedMinutes } from "../../support/hub.ts";
import { allocationsIn, canary, counted, digestOf } from "../../support/measured.ts";
import type { MeasuredRoute } from "../../../src/report/measured.ts";
import type { Sqlite } from "../../support/sqlite.ts";

/** A route that divides visitors, with goals. */
export const SPLIT = canary(5);

/** Who is in every report. */
const EVERYWHERE = digestOf(1_000_000);

/** One report may tell of so many requests of a variant. */
const MOST = 4 ** 13;

/** What a report tells of the split, of as many requests as are its own: they tell it apart from all others. */
export function measuredOf(key: string, requests: number, now: number): MeasuredRoute {
  const [[experiment, allocation] = []] = allocationsIn(key, SPLIT, now);
  if (experiment === undefined || allocation === undefined) throw new Error("no split");
  if (requests === 0 || requests > MOST) return {};
  const own = {
    digest: digestOf(requests),
    variant: "canary",
    exposure: "drawn",
    at: now,
  } as const;
  const goal = { goal: "revenue", digest: EVERYWHERE, at: now, value: requests } as const;
  const order = { ...goal, goal: "buy", digest: own.digest, id: `order-${requests}` };
  return {
    splits: [
      {
        experiment,
        allocation,
        minutes: [{ minute: Math.floor(now / 60_000), variants: [counted("canary", requests)] }],
        visitors: [own, { ...own, digest: EVERYWHERE, variant: "stable" }],
        unchecked: requests,
      },
    ],
    goals: [goal, order, order],
    unattributed: [{ experiment, goal: "buy", count: requests }],
  };
}

/** All that is stored of the split of the reports that tell of it. Whatever is wrong with it is named. */
export function faultsOf(sql: Sqlite, key: string): string[] {
  const { requests, splits } = storedMinutes(sql, key);
  const faults: string[] = [];
  const expected = requests % (4 * MOST);
  const same = (what: string, found: number) => {
    if (found !== expected) faults.push(`${what}: ${found} where there are ${expected} requests`);
  };
  const split = [...splits.values()][0];
  same("counts", split?.variants.get("canary")?.counted.requests ?? 0);
  same("latencies", split?.variants.get("canary")?.counted.latency[17] ?? 0);
  same("reasons", split?.variants.get("canary")?.reasons.get("split") ?? 0);
  same("unchecked", split?.unchecked ?? 0);
  same("unattributed", split?.unattributed.get("buy") ?? 0);
  const value = "SELECT coalesce(sum(value), 0) AS n FROM reached WHERE digest = ?";
  same("values", sql.exec<{ n: number }>(value, EVERYWHERE).toArray()[0]?.n ?? 0);
  const rows = sql
    .exec<{ digest: string }>("SELECT digest FROM visitors WHERE digest <> ?", EVERYWHERE)
    .toArray();
  const known = new Set(rows.map(({ digest }) => digest));
  const reached = sql
    .exec<{ digest: string; count: number }>(
      "SELECT digest, count FROM reached WHERE digest <> ?",
      EVERYWHERE,
    )
    .toArray();
  const buyers = new Set(reached.map(({ digest }) => digest));
  let visitors = 0;
  for (let power = 1; power <= MOST; power *= 4) {
    const isCounted = Math.floor(requests / power) % 4 === 1;
    if (isCounted) visitors += 1;
    const digest = digestOf(power);
    if (known.has(digest) !== isCounted || buyers.has(digest) !== isCounted)
      faults.push(`the visitor of report ${power}`);
  }
  if (known.size !== visitors) faults.push(`${known.size} visitors of ${visitors}`);
  return faults;
}
