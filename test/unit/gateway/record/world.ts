import { readConfig, type GatewayEnv } from "../../../../src/config/gateway.ts";
import { createGateway, type Gateway } from "../../../../src/gateway/gateway.ts";
import { readReport, type ReadReport } from "../../../../src/report/decode.ts";
import type { Counts, SplitReport, VariantCounts } from "../../../../src/report/measured.ts";
import type { News } from "../../../../src/report/wire.ts";
import { virtualClock } from "../load/virtual-clock.ts";

/** Loaded by a name that the compiler does not follow: the types in there are workerd's, and here are Node's. */
const HANDLE: string = "../../../../src/gateway/handle.ts";

const { handle } = (await import(HANDLE)) as {
  handle: (
    request: Request,
    gateway: Gateway,
    later: (work: Promise<unknown>) => void,
  ) => Promise<Response>;
};

export const KEY_TEXT = "000102030405060708090a0b0c0d0e0f";

export const HOST = "shop.example.com";

/** Between two reports, with some to spare (ms). */
export const INTERVAL_MS = 5000;

type Said = { -readonly [TKey in keyof News]?: News[TKey] };

/** What a request may say beside its path. */
export interface Visit {
  readonly host?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A gateway before real origins, with a hub that notes what it is told: on a virtual clock. */
export function measured(
  policies: Readonly<Record<string, unknown>>,
  vars: Readonly<Record<string, unknown>> = { VISITOR_KEY: KEY_TEXT },
  hasHub = true,
) {
  const clock = virtualClock(Date.UTC(2026, 10, 28, 12));
  const sent: { readonly shard: number; readonly text: string }[] = [];
  const hub = { fails: false, says: (): Said => ({}) };
  const report = async (shard: number, text: string): Promise<string> => {
    sent.push({ shard, text });
    if (hub.fails) throw new Error("the hub is away");
    const { sequence } = JSON.parse(text) as { sequence: number };
    const usual = { v: 1, sequence, nextMs: 1000, routes: [], unknown: [], filled: true };
    return JSON.stringify({ ...usual, more: false, created: [], cursor: 1, ...hub.says() });
  };
  const values = new Map(
    Object.entries(policies).map(([key, policy]) => [key, JSON.stringify(policy)]),
  );
  let ids = 0;
  const gateway = createGateway(
    readConfig({ ALLOW_PRIVATE_ORIGINS: "true", ...vars } as unknown as GatewayEnv),
    {
      read: async (keys) =>
        new Map(keys.map((key) => [key, { value: values.get(key) ?? null, metadata: null }])),
      hub: hasHub ? { report } : undefined,
      openCopies: async () => ({ match: async () => undefined, put: async () => {} }),
      snapshot: "",
    },
    undefined,
    {
      ...clock.platform,
      random: () => 0.5,
      randomId: () => `id${(ids += 1)}`.padEnd(22, "A"),
      pipe: () => new TransformStream(),
      // As workerd's answers have it.
      fetch: async (url, init) =>
        Object.assign(await fetch(url, { ...init, duplex: "half" }), { webSocket: null }),
    },
  );
  const behind: Promise<unknown>[] = [];
  const later = (work: Promise<unknown>) => void behind.push(work);
  const visit = async (path: string, { host = HOST, method = "GET", headers = {} }: Visit = {}) => {
    const request = new Request(`https://${host}${path}`, { method, headers });
    const response = await handle(request, gateway, later);
    const text = await response.text();
    if (text.includes("policy-invalid")) throw new Error(`no such policy: ${clock.logged.join()}`);
    return response;
  };
  /** All that was told so far, each report once. */
  const told = (): ReadReport[] => {
    const bySequence = new Map<string, ReadReport>();
    for (const { shard, text } of sent) {
      const read = readReport(text);
      if (!read.ok) throw new Error(read.error);
      if (read.value.faults.length > 0) throw new Error(read.value.faults.join("; "));
      if (read.value.lookups.length > 0) continue;
      bySequence.set(`${shard} ${read.value.sequence}`, read.value);
    }
    return Array.from(bySequence.values());
  };
  /** Waits until what was counted is told; all that was told so far. */
  const reports = async () => {
    await clock.pass(INTERVAL_MS + 1);
    return told();
  };
  return { visit, reports, told, sent, hub, clock, gateway, later, behind };
}

/** All splits that reports tell of, as they came. */
export const splitsIn = (reports: readonly ReadReport[]): SplitReport[] =>
  reports.flatMap(({ routes }) => routes.flatMap(({ splits = [] }) => splits));

/** All visitors that reports tell of. */
export const visitorsIn = (reports: readonly ReadReport[]) =>
  splitsIn(reports).flatMap(({ experiment, visitors = [] }) =>
    visitors.map((visitor) => ({ experiment, ...visitor })),
  );

/** All goals that reports tell of. */
export const goalsIn = (reports: readonly ReadReport[]) =>
  reports.flatMap(({ routes }) => routes.flatMap(({ goals = [] }) => goals));

const CLASSES = ["2xx", "3xx", "4xx", "5xx"];
const KINDS = ["network", "timeout", "status", "down"];

const listed = (names: readonly string[], counts: readonly number[]) =>
  names.flatMap((name, index) => (counts[index] ? [`${counts[index]} ${name}`] : []));

function wordsOf(what: string, counts: Counts | undefined): string[] {
  if (counts === undefined) return [];
  const { requests, status, failures = [0, 0, 0, 0] } = counts;
  return [`${requests} ${what}`, ...listed(CLASSES, status), ...listed(KINDS, failures)];
}

/** One variant's counts in a line. */
const line = ({ variant, counted, others, rescued = 0, reasons }: VariantCounts): string =>
  [
    `${variant}:`,
    [
      ...wordsOf("counted", counted),
      ...wordsOf("others", others),
      ...(rescued > 0 ? [`${rescued} rescued`] : []),
      ...Object.entries(reasons).map(([reason, count]) => `${count} ${reason}`),
    ].join(", "),
  ].join(" ");

/** What reports tell of variants, a line for each and minute. */
export const linesIn = (reports: readonly ReadReport[]): string[] =>
  splitsIn(reports).flatMap(({ minutes }) => minutes.flatMap(({ variants }) => variants.map(line)));
