import * as v from "valibot";

import { ROLES } from "../lib/roles.ts";
import { SHARDS } from "../report/shard.ts";
import { Count, InstantText } from "./shared.ts";

/** `off` is what was not set up, `warn` what works and wants looking at; only what is `failing` makes the whole unhealthy. */
const PartStatus = v.picklist(["ok", "warn", "failing", "off"]);

const PART_FIELDS = { status: PartStatus, words: v.string() };

/** Of a part that was asked: how long its answer took, or until nobody waited any more. */
const ASKED_FIELDS = { ...PART_FIELDS, ms: Count };

const ShardSchema = v.object({
  shard: v.pipe(Count, v.maxValue(SHARDS - 1)),
  status: PartStatus,
  ms: Count,
  /** When it last heard of an isolate that serves. */
  reportedAt: v.nullable(InstantText),
});

/** How the control plane is, part by part. */
export const HealthSchema = v.object({
  status: v.picklist(["ok", "failing"]),
  at: InstantText,
  caller: v.object({ name: v.string(), role: v.picklist(ROLES), scope: v.array(v.string()) }),
  parts: v.object({
    config: v.object({
      ...PART_FIELDS,
      environment: v.string(),
      /** Which kinds of key are looked up beside `*`. */
      tenantBy: v.array(v.picklist(["host", "path"])),
      privateOrigins: v.boolean(),
      /** Whether there are secrets; never what they are. */
      visitorKey: v.boolean(),
      overrideSecret: v.boolean(),
      /** Whether people may sign in to the console by a token; absent from an earlier release. */
      sessionKey: v.exactOptional(v.boolean()),
      /** Whether callers who cannot prove who they are get slowed down. */
      limiter: v.boolean(),
      /** Reports that the hub takes in a day; null for any number. */
      hubDailyReports: v.nullable(Count),
    }),
    kv: v.object(ASKED_FIELDS),
    ledger: v.object(ASKED_FIELDS),
    hub: v.object({
      ...PART_FIELDS,
      reportedAt: v.nullable(InstantText),
      shards: v.array(ShardSchema),
    }),
    version: v.object({
      ...PART_FIELDS,
      control: v.string(),
      /** The id of the version of its Worker; null where it is not bound to that, absent from an earlier release. */
      worker: v.exactOptional(v.nullable(v.string())),
      /** The releases of the gateways that reported in the last two minutes. */
      gateways: v.array(v.string()),
      /** Those gateways by versions of their Workers, the largest share first; absent from an earlier release. */
      serving: v.exactOptional(
        v.array(
          v.object({
            release: v.string(),
            worker: v.nullable(v.string()),
            /** Of the isolates, each counted with each shard that it reports to; 1 is the sum of all. */
            share: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
          }),
        ),
      ),
    }),
  }),
});

/** How the control plane is, part by part. */
export type Health = v.InferOutput<typeof HealthSchema>;

/** Whether one part works. */
export type PartStatus = v.InferOutput<typeof PartStatus>;
