import { WorkerEntrypoint } from "cloudflare:workers";

import { readControl, type ControlEnv } from "../config/control.ts";
import { shardStub } from "../report/shard-stubs.ts";
import { SHARDS } from "../report/shard.ts";
import { MAX_REPORT_CHARS, type HubWire } from "../report/wire.ts";

/**
 * All that the gateway's binding `HUB` reaches: with it, nothing can be edited, and no object be made
 * but the hub's shards, where the control plane says. Rejecting means "no hub": KV alone then says what is newest.
 */
export class HubReports extends WorkerEntrypoint<ControlEnv> implements HubWire {
  async report(shard: number, report: string): Promise<string> {
    const { HUBS } = this.env;
    if (HUBS === undefined) throw new Error("no hub");
    if (!Number.isInteger(shard) || shard < 0 || shard >= SHARDS)
      throw new RangeError("there is no such shard");
    if (typeof report !== "string" || report.length > MAX_REPORT_CHARS)
      throw new RangeError(`a report is a text of ${MAX_REPORT_CHARS} characters at most`);
    const { hubPlace } = readControl(this.env);
    return shardStub(HUBS, hubPlace, shard).report(shard, report);
  }
}
