import { BASE } from "../api/base.ts";
import { readAdmin, type AdminConfig } from "../config/admin.ts";
import { readControl, type ControlConfig, type ControlEnv } from "../config/control.ts";
import { logLine } from "../lib/log-line.ts";
import { ApiError, problem } from "./api-error.ts";
import { METRICS_PATH } from "./open-metrics/scrape.ts";
import { secured } from "./console/headers.ts";
import { serveConsole } from "./console/serve.ts";
import { answer } from "./router.ts";
import type { AccessContext } from "./auth.ts";
import type { Services } from "./call.ts";

const log: Services["log"] = (level, message, details) => console[level](logLine(message, details));

const sleep: Services["sleep"] = async (ms, signal) => scheduler.wait(ms, { signal });

/** Who may call, and by which vars they are answered. */
interface Plane {
  readonly admin: AdminConfig;
  readonly config: ControlConfig;
}

const planes = new WeakMap<ControlEnv, Plane | "off">();

/** Read once per environment; says once where nobody may call. */
function planeOf(env: ControlEnv): Plane | "off" {
  const known = planes.get(env);
  if (known !== undefined) return known;
  const read: ReturnType<typeof readAdmin> =
    env.LEDGER === undefined ? { on: false, why: "the binding LEDGER is absent" } : readAdmin(env);
  if (!read.on) log("warn", "the control plane is off", { why: read.why });
  const plane = read.on ? { admin: read.admin, config: readControl(env) } : "off";
  planes.set(env, plane);
  return plane;
}

async function answered(
  request: Request,
  env: ControlEnv,
  access: AccessContext | undefined,
): Promise<Response> {
  const plane = planeOf(env);
  const { hostname, pathname } = new URL(request.url);
  const isApi = pathname.startsWith(`${BASE}/`) || pathname === METRICS_PATH;
  if (plane === "off") return problem(new ApiError("not-found"));
  const { admin, config } = plane;
  if (admin.hosts.length > 0 && !admin.hosts.includes(hostname))
    return problem(new ApiError("not-found"));
  const services: Services = { env, config, now: () => Date.now(), sleep, log };
  return isApi
    ? answer(request, access, admin, services)
    : serveConsole(request, access, admin, services);
}

/** Answers for the API, for scrapes and for the console; where it is off, on a host that is not its own, and for every other path alike: there is nothing. */
export async function administer(
  request: Request,
  env: ControlEnv,
  access: AccessContext | undefined,
): Promise<Response> {
  return secured(await answered(request, env, access));
}
