import { BASE } from "../../api/base.ts";
import { ApiError } from "../api-error.ts";
import { json, type Services } from "../call.ts";
import { checkHealth } from "./check.ts";

/** Whoever has no token is told what was found in the last so long (ms): however often it is asked, the parts are not. */
export const KNOWN_MS = 10_000;

/** What was found last, of one environment. Finished values are shared between requests, promises never are. */
interface LastFound {
  readonly isOk: boolean;
  readonly at: number;
}

const known = new WeakMap<Services["env"], LastFound>();

/** Whether the request asks whether the control plane works, without saying who asks. */
export function asksHealth({ method, url }: Request): boolean {
  const isRead = method === "GET" || method === "HEAD";
  return isRead && new URL(url).pathname === `${BASE}/health`;
}

async function isOk(services: Services): Promise<boolean> {
  const { env, now } = services;
  const before = known.get(env);
  const age = before === undefined ? Infinity : now() - before.at;
  // A clock that was set back makes nothing known for longer.
  if (before !== undefined && age >= 0 && age < KNOWN_MS) return before.isOk;
  // Whoever asks meanwhile hears what was known, so that one look is under way at a time.
  if (before !== undefined) known.set(env, { ...before, at: now() });
  const { status } = await checkHealth(services);
  known.set(env, { isOk: status === "ok", at: now() });
  return status === "ok";
}

/** Whether the control plane works: 200 or 503, and nothing of its parts. */
export async function publicHealth(services: Services): Promise<Response> {
  if (await isOk(services)) return json({ status: "ok" });
  throw new ApiError("unhealthy");
}
