import { allocationOf } from "../../src/decide/allocation.ts";
import type { MeasureLimits } from "../../src/hub/measure/limits.ts";
import { compile } from "../../src/policy/compile.ts";
import { parse } from "../../src/policy/parse.ts";
import { textDigest } from "../../src/report/digest.ts";
import type {
  AllocationReport,
  GoalReport,
  MeasuredRoute,
  SplitReport,
  VariantCounts,
  VisitorReport,
} from "../../src/report/measured.ts";
import type { HeldRoute, News, Report } from "../../src/report/wire.ts";
import { HubWorld, keysOf } from "./hub.ts";

export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/** A canary with two goals: one that is reached or not, one with values. */
export const canary = (percent: number, more: object = {}): string =>
  JSON.stringify({
    strategy: "canary",
    stable: "https://a.example.com",
    canary: "https://b.example.com",
    percent,
    goals: [
      { name: "buy", match: { path: "/done" } },
      { name: "revenue", from: "origin", count: "every", cap: 100 },
    ],
    ...more,
  });

const compiled = new Map<string, ReturnType<typeof compile>["splits"]>();

/** A text's splits under a key. Nearly all reports are of the same few texts, which are compiled once, as a gateway does. */
function splitsIn(key: string, text: string) {
  const name = `${key} ${text}`;
  const known = compiled.get(name);
  if (known !== undefined) return known;
  const parsed = parse(text, { allowPrivateOrigins: true });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  const { splits } = compile(parsed.policy, key);
  compiled.set(name, splits);
  return splits;
}

/** The allocations that a gateway has of a route's splits, by their names, as it tells of them. */
export function allocationsIn(
  key: string,
  text: string,
  now: number,
): Map<string, AllocationReport> {
  return new Map(splitsIn(key, text).map((split) => [split.experiment, allocationOf(split, now)]));
}

/** The n-th of many visitors, spread over all that digests may be. */
export const digestOf = (n: number): string =>
  ((Math.imul(n + 1, 2_654_435_769) >>> 0).toString(16).padStart(8, "0") + "00000000").slice(0, 8) +
  n.toString(16).padStart(8, "0");

/** What a variant answered: `ok` times 200 after 10 ms, `failed` times 500. */
export const counted = (variant: string, ok: number, failed = 0): VariantCounts => ({
  variant,
  counted: {
    requests: ok + failed,
    status: [ok, 0, 0, failed],
    failures: [0, 0, failed, 0],
    latency: ok > 0 ? [17, ok] : [],
  },
  reasons: { split: ok + failed },
});

/** A shard with one route that divides visitors, and an isolate that reports of it. */
export class MeasuredWorld extends HubWorld {
  readonly key = keysOf(0, 1)[0] ?? "";
  text: string;
  version = 0;
  #sequence = 0;
  allocation: AllocationReport;

  constructor(text = canary(50), limits: Partial<MeasureLimits> = {}) {
    super(0, limits);
    this.text = text;
    this.allocation = this.edit(text);
  }

  /** A new version, and an isolate that serves it. */
  edit(text: string): AllocationReport {
    this.text = text;
    this.version += 1;
    this.core.publish({ key: this.key, version: this.version, text, at: this.now });
    const [first] = allocationsIn(this.key, text, this.now).values();
    if (first === undefined) throw new Error("no split");
    this.allocation = first;
    return first;
  }

  /** What is told of one of several splits. */
  splitOf(experiment: string): SplitReport {
    const allocation = allocationsIn(this.key, this.text, this.now).get(experiment);
    if (allocation === undefined) throw new Error("no such split");
    return { experiment, allocation, minutes: [] };
  }

  get experiment(): string {
    return this.key;
  }

  /** A report of the route. */
  tell(measured: MeasuredRoute, requests = 0, more: Partial<Report> = {}): News {
    this.#sequence += 1;
    const { key, version, text } = this;
    const route: HeldRoute = { key, version, digest: textDigest(text), requests, ...measured };
    // Another isolate each time: none may report so often.
    return this.report({ isolate: `i-${this.#sequence}`, sequence: 1, routes: [route], ...more });
  }

  split(more: Partial<SplitReport>): SplitReport {
    return { experiment: this.experiment, allocation: this.allocation, minutes: [], ...more };
  }

  /** Tells of visitors under the allocation in force. */
  meet(...visitors: readonly Partial<VisitorReport>[]): News {
    return this.tell({
      splits: [this.split({ visitors: visitors.map((one) => this.visitor(one)) })],
    });
  }

  visitor(more: Partial<VisitorReport>): VisitorReport {
    return { digest: digestOf(0), variant: "stable", exposure: "drawn", at: this.now, ...more };
  }

  /** Tells of goals. */
  reach(...goals: readonly Partial<GoalReport>[]): News {
    return this.tell({
      goals: goals.map((goal) => ({ goal: "buy", digest: digestOf(0), at: this.now, ...goal })),
    });
  }

  /** Stores what waits. */
  async store(): Promise<void> {
    await this.pass(10_000);
  }

  results() {
    const found = this.core.asked(this.shard).results(this.key)?.experiments[0];
    if (found === undefined) throw new Error("no experiment");
    return found;
  }

  /** Visitors of a variant, and what they made of a goal. */
  of(variant: string, goal = "buy") {
    const results = this.results();
    const visitors = results.variants.find((one) => one.variant === variant);
    const reached = results.goals.find((one) => one.goal === goal);
    const own = reached?.variants.find((one) => one.variant === variant);
    return {
      visitors: visitors?.visitors ?? 0,
      failed: visitors?.failed ?? 0,
      crossoverShare: visitors?.crossoverShare ?? 0,
      conversions: own?.conversions ?? 0,
      sum: own !== undefined && "sum" in own ? own.sum : undefined,
      capped: own !== undefined && "capped" in own ? own.capped : undefined,
    };
  }

  rows(table: string): number {
    return this.sql.exec<{ n: number }>(`SELECT count(*) AS n FROM ${table}`).toArray()[0]?.n ?? 0;
  }
}
