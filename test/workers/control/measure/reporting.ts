import { exports } from "cloudflare:workers";
import { allocationOf } from "../../../../src/decide/allocation.ts";
import { compile } from "../../../../src/policy/compile.ts";
import { parse } from "../../../../src/policy/parse.ts";
import { textDigest } from "../../../../src/report/digest.ts";
import type {
  MeasuredRoute,
  SplitReport,
  VariantCounts,
  VisitorReport,
} from "../../../../src/report/measured.ts";
import { shardOf } from "../../../../src/report/shard.ts";
import { config, create } from "../api.ts";

/** The n-th visitor's digest. */
export const digestOf = (n: number): string => n.toString(16).padStart(16, "0");

let isolates = 0;

/** A route with one split, of which isolates report over the wire as the gateway's do. */
export class Reported {
  readonly key: string;
  readonly #text: string;
  readonly #split: Omit<SplitReport, "minutes">;

  private constructor(key: string, policy: unknown) {
    this.key = key;
    this.#text = JSON.stringify(policy);
    const parsed = parse(this.#text, config);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
    const [split] = compile(parsed.policy, key).splits;
    if (split === undefined) throw new Error("no split");
    const { experiment } = split;
    this.#split = { experiment, allocation: allocationOf(split, Date.now()) };
  }

  static async create(key: string, policy: unknown): Promise<Reported> {
    await create(key, policy);
    return new Reported(key, policy);
  }

  async tell(measured: MeasuredRoute): Promise<void> {
    isolates += 1;
    const { key } = this;
    const held = { key, version: 1, digest: textDigest(this.#text), requests: 1, ...measured };
    const report = { v: 1, isolate: `told-${isolates}`, sequence: 1, lookups: [], since: 0 };
    const text = JSON.stringify({ ...report, routes: [held] });
    await exports.HubReports.report(shardOf(key), text);
  }

  /** What a report says of the split: visitors who were drawn just now, and requests of this minute. */
  split(
    visitors: readonly Pick<VisitorReport, "digest" | "variant">[],
    variants: readonly VariantCounts[] = [],
  ): MeasuredRoute {
    const at = Date.now();
    const drawn = visitors.map((one) => ({ ...one, exposure: "drawn" as const, at }));
    const minutes = [{ minute: Math.floor(at / 60_000), variants }];
    return { splits: [{ ...this.#split, minutes, visitors: drawn }] };
  }
}

/** Requests that a variant answered, and those in which it failed. */
export const counted = (variant: string, ok: number, failed = 0): VariantCounts => ({
  variant,
  counted: {
    requests: ok + failed,
    status: [ok, 0, 0, failed],
    failures: [0, 0, failed, 0],
    latency: [17, ok],
  },
  reasons: { split: ok + failed },
});
