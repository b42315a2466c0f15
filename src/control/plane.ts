import { readAdmin, type Config, type Env } from "../config.ts";
import { normalPath } from "../lib/path.ts";
import { answer } from "./router.ts";
import type { AccessContext } from "./auth.ts";
import type { Services } from "./call.ts";

/** The one segment that is never a tenant's and never an origin's. */
const RESERVED = "/.switchyard";

/**
 * Whether a URL is the control plane's, in any spelling. Such a request never reaches an origin,
 * whatever host it names and whether the control plane is on: it may carry a token.
 */
export function isReserved(url: string): boolean {
  // Most requests end here, before anything is parsed: whatever leads to it, a segment of it begins with a dot.
  if (!/[/\\](?:\.|%2e)/i.test(url)) return false;
  const parsed = URL.parse(url);
  if (parsed === null) return false;
  const path = normalPath(parsed.pathname);
  return path === RESERVED || path.startsWith(`${RESERVED}/`);
}

const log: Services["log"] = (level, message, details) =>
  console[level](JSON.stringify({ message, ...details }));

const planes = new WeakMap<Env, ReturnType<typeof readAdmin>>();

/** Who may call, read once per environment; says once where nobody may. */
function planeOf(env: Env): ReturnType<typeof readAdmin> {
  const known = planes.get(env);
  if (known !== undefined) return known;
  const plane: ReturnType<typeof readAdmin> =
    env.LEDGER === undefined ? { on: false, why: "the binding LEDGER is absent" } : readAdmin(env);
  if (!plane.on) log("warn", "the control plane is off", { why: plane.why });
  planes.set(env, plane);
  return plane;
}

/** Answers for the control plane; `undefined` where it is off, or lives on another host. */
export async function administer(
  request: Request,
  env: Env,
  access: AccessContext | undefined,
  config: Config,
): Promise<Response | undefined> {
  const plane = planeOf(env);
  if (!plane.on) return undefined;
  const { hosts } = plane.admin;
  if (hosts.length > 0 && !hosts.includes(new URL(request.url).hostname)) return undefined;
  return answer(request, access, plane.admin, { env, config, now: () => Date.now(), log });
}
