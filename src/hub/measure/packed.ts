import type { PackedGateway } from "../gateways.ts";
import type { Isolates, PackedIsolate } from "../isolates.ts";
import { packSpans, unpackSpans, type PackedSpans } from "./pack.ts";
import type { RouteSeries } from "./route-series.ts";
import type { Routes } from "./routes.ts";
import type { VisitorCounts } from "./sample.ts";

/** What an earlier release left: requests of a route in a minute. */
type PackedCount = readonly [key: string, minute: number, requests: number];

/** The one row for all that is stored with every transaction. What may be left out came with a later release than the rest. */
interface Packed {
  readonly isolates: readonly PackedIsolate[];
  /** By the numbers that isolates name theirs by. */
  readonly gateways?: readonly PackedGateway[];
  /** Always empty by now: what an earlier release left there is read, and one that comes again finds it. */
  readonly counts: readonly PackedCount[];
  /** What waits to get a row of its own, by the route's number. */
  readonly open?: readonly (readonly [route: number, spans: PackedSpans])[];
  readonly visitors?: VisitorCounts;
  /** When rows that are too old were last looked for (ms). */
  readonly retainedAt?: number;
}

/** Characters that may wait in the row: with the names of all isolates it stays below what a row holds. */
export const MAX_OPEN_CHARS = 300_000;

/** What there is beside isolates. */
export interface Unpacked {
  readonly visitors: VisitorCounts;
  readonly retainedAt: number | undefined;
}

function read(text: string): Packed {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- nobody but `packed` below writes this row
  return text === "" ? { isolates: [], counts: [] } : (JSON.parse(text) as Packed);
}

/** Takes back what a shard had when it was last stored. */
export function unpack(text: string, isolates: Isolates, routes: Routes, now: number): Unpacked {
  const row = read(text);
  const { isolates: known, gateways = [], counts, open = [], visitors = [], retainedAt } = row;
  isolates.load(known, gateways, now);
  for (const [key, minute, requests] of counts)
    (routes.get(key) ?? routes.other).at(minute).requests += requests;
  for (const [id, spans] of open) routes.byId(id, now).restore(unpackSpans(spans));
  return { visitors, retainedAt };
}

/** The text of the row; with `open` those series whose counts wait in it. */
export function packed(
  isolates: Isolates,
  open: readonly RouteSeries[],
  { visitors, retainedAt }: Unpacked,
): string {
  const row: Packed = {
    isolates: isolates.packed(),
    gateways: isolates.packedGateways(),
    counts: [],
    open: open.map(({ id, pending }) => [id, packSpans(pending)]),
    visitors,
    ...(retainedAt === undefined ? {} : { retainedAt }),
  };
  return JSON.stringify(row);
}

/** How many characters of the row some series would take. */
export const charsOf = (open: readonly RouteSeries[]): number =>
  open.reduce((sum, { pending }) => sum + JSON.stringify(packSpans(pending)).length, 0);
