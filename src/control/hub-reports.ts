import { WorkerEntrypoint } from "cloudflare:workers";

import { readControl, type ControlEnv } from "../config/control.ts";
import { dayOf } from "../report/day.ts";
import { shardStub } from "../report/shard-stubs.ts";
import { SHARDS } from "../report/shard.ts";
import { MAX_REPORT_CHARS, OVER_BUDGET, type HubWire } from "../report/wire.ts";

/** Why a report is refused, in the gateway's log. */
const SPENT = "the day's budget of reports is spent, HUB_DAILY_REPORTS";

/** The day on which a shard's budget was found to be spent: asking again would be a request to the object each time, which is what the budget saves. */
const spentOn = new Map<number, number>();

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
    const today = dayOf(Date.now());
    if (spentOn.get(shard) === today) throw new RangeError(SPENT);
    const news = await shardStub(HUBS, hubPlace, shard).report(shard, report);
    if (news !== OVER_BUDGET) return news;
    spentOn.set(shard, today);

    throw new RangeError(SPENT);
  }
}
