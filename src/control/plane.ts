import { readAdmin, type Config, type Env } from "../config.ts";
import { answer } from "./router.ts";
import type { AccessContext } from "./auth.ts";
import type { Services } from "./call.ts";

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
