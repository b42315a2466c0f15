import { env } from "cloudflare:workers";
import { runInDurableObject } from "cloudflare:test";

import { LedgerCore } from "../../../src/ledger/core.ts";
import type { Change, Edit } from "../../../src/ledger/edit-types.ts";
import type { LedgerPlatform } from "../../../src/ledger/platform.ts";
import type { ActionName } from "../../../src/policy/actions/names.ts";
import { shardName } from "../../../src/report/shard.ts";
import { hubForLedgers } from "../../../src/report/shard-stubs.ts";
import { stampedVersion, stampOf } from "../../../src/report/stamp.ts";
import type { HubForLedgers } from "../../../src/report/wire.ts";
import { edit, RULES } from "./edits.ts";

/** As if release 0.2.0 had brought these. */
const SINCE = {
  cache: "0.2.0",
  "cache.vary": "0.3.0",
  "canary.ramp.pausedAt": "0.2.0",
  force: "0.2.0",
};

const ANYWHERE = { location: undefined, jurisdiction: undefined };

function realHub(): HubForLedgers {
  if (env.HUBS === undefined) throw new Error("no binding");
  return hubForLedgers(env.HUBS, ANYWHERE);
}

/** One shard has heard of a gateway of this release, and nobody of another. */
export const only = (release: string) => ({
  releases: async (shard: number) => (shard === 3 ? [release] : []),
});

let isolates = 0;

/** A gateway of this release reports to the shard: an isolate that was never heard before. */
export async function reports(shard: number, release: string): Promise<void> {
  isolates += 1;
  const report = { v: 1, isolate: `i-${isolates}`, sequence: 1, routes: [], lookups: [], since: 0 };
  const stub = env.HUBS?.getByName(shardName(shard));
  await stub?.report(shard, JSON.stringify({ ...report, release }));
}

interface World {
  readonly core: LedgerCore;
  readonly logs: string[];
  /** What was waited for (ms). */
  readonly waits: number[];
  /** How often shards were asked. */
  readonly asked: () => number;
  readonly make: (
    from: number | "new",
    change: Change,
    more?: Partial<Edit>,
  ) => Promise<string | number>;
  readonly put: (
    from: number | "new",
    policy: unknown,
    more?: Partial<Edit>,
  ) => Promise<string | number>;
  readonly act: (from: number, name: ActionName, more?: object) => Promise<string | number>;
  readonly preview: (policy: unknown, override?: boolean) => ReturnType<LedgerCore["preview"]>;
}

/** A ledger that knows words of later releases, with a real KV and a real hub, or one in its place. */
export async function withLedger(
  key: string,
  work: (world: World) => Promise<void>,
  instead: { readonly releases?: HubForLedgers["releases"]; readonly isAway?: boolean } = {},
): Promise<void> {
  const object = env.LEDGER?.getByName(key);
  if (object === undefined) throw new Error("no binding");
  await runInDurableObject(object, async (_, state) => {
    const [logs, waits]: [string[], number[]] = [[], []];
    let asked = 0;
    const hub = { ...realHub(), ...instead };
    const kv = env.ROUTING_CONFIG;
    const platform: LedgerPlatform = {
      sql: state.storage.sql,
      transaction: (run) => state.storage.transactionSync(run),
      read: async () => {
        const { value, metadata } = await kv.getWithMetadata(key, "text");
        const version = value === null ? undefined : stampedVersion(value, metadata);
        return { text: value, version };
      },
      write: async (_key, text, version) =>
        text === null ? kv.delete(key) : kv.put(key, text, { metadata: stampOf(text, version) }),
      hub: {
        ...hub,
        releases: async (shard) => {
          asked += 1;
          return hub.releases(shard);
        },
      },
      setAlarm: () => {},
      now: () => Date.now(),
      sleep: async (ms, signal) => {
        waits.push(ms);
        // What hangs is given up on at once.
        await (instead.isAway === true ? scheduler.wait(1) : scheduler.wait(ms, { signal }));
      },
      random: () => 0,
      log: (_level, message) => void logs.push(message),
    };
    const core = new LedgerCore(platform, { ...RULES, since: SINCE });
    const make: World["make"] = async (from, change, more) => {
      const made = await core.edit(edit(key, from, change, more));
      return made.ok ? made.value.version : made.error.code;
    };
    await work({
      core,
      logs,
      waits,
      asked: () => asked,
      make,
      put: async (from, policy, more) => make(from, { kind: "put", policy, apply: false }, more),
      act: async (from, name, more = {}) =>
        make(from, { kind: "act", action: { name, ...more } as never }),
      preview: async (policy, override = false) =>
        core.preview({
          key,
          change: { kind: "put", policy, apply: false },
          allowReshuffle: false,
          override,
          now: Date.now(),
        }),
    });
  });
}
