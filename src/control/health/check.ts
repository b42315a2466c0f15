import type { Health } from "../../api/health-form.ts";
import { ledgerOf } from "../../ledger/calls.ts";
import { inTime } from "../../lib/in-time.ts";
import { iso, type Services } from "../call.ts";
import { askShards, hubPart } from "./hub.ts";
import { versionPart } from "./version.ts";

/** A part that takes longer (ms) fails: whoever watches waits a few seconds at most. */
export const PART_MS = 3000;

/** A name that no route has: a look at it finds nothing, and changes nothing. */
const NOBODY = "(health)";

type Parts = Health["parts"];

/** A part of the platform that answers or does not. What is wrong is logged, and not told. */
async function asked(
  services: Services,
  who: string,
  question: () => Promise<unknown>,
): Promise<Parts["kv"]> {
  const { now, log, sleep } = services;
  const begin = now();
  const took = () => Math.max(0, now() - begin);
  try {
    await inTime(question(), PART_MS, who, { sleep });
    return { status: "ok", words: `${who} answers`, ms: took() };
  } catch (error) {
    log("error", "a part of the control plane is unhealthy", { part: who, error: String(error) });
    return { status: "failing", words: `${who} does not answer; the log says why`, ms: took() };
  }
}

/** What is set up, as far as it may be told. It is checked when the Worker starts: one that answers has none that is wrong. */
function configPart({ env, config }: Services): Parts["config"] {
  const visitorKey = config.visitorKey !== undefined;
  const { tenantBy, hubDailyReports } = config;
  return {
    status: visitorKey ? "ok" : "warn",
    words: visitorKey
      ? "every var is valid"
      : "the secret VISITOR_KEY is not set: there are no figures of visitors",
    environment: config.environment,
    tenantBy: (["host", "path"] as const).filter((kind) => tenantBy[kind]),
    privateOrigins: config.allowPrivateOrigins,
    visitorKey,
    overrideSecret: config.overrideSecret !== undefined,
    limiter: env.ADMIN_LIMITER !== undefined,
    hubDailyReports: hubDailyReports === Infinity ? null : hubDailyReports,
  };
}

/** Looks at every part, all at once and each within its time. Never rejects. */
export async function checkHealth(services: Services): Promise<Omit<Health, "caller">> {
  const { env, now } = services;
  const [kv, ledger, shards] = await Promise.all([
    asked(services, "KV", async () => env.ROUTING_CONFIG.get(NOBODY)),
    asked(services, "the ledger", async () => {
      if (env.LEDGER === undefined) throw new Error("the binding LEDGER is absent");
      return ledgerOf(env.LEDGER, NOBODY).latest();
    }),
    askShards(services, PART_MS),
  ]);
  const hub = hubPart(shards, now());
  const gateways = shards.flatMap(({ health }) => health?.gateways ?? []);
  const version = versionPart(services.config.worker, gateways);
  const parts = { config: configPart(services), kv, ledger, hub, version };
  const isFailing = Object.values(parts).some(({ status }) => status === "failing");
  return { status: isFailing ? "failing" : "ok", at: iso(now()), parts };
}
