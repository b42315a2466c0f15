import { ApiError } from "./api-error.ts";
import { json, type Call } from "./call.ts";
import { checkHealth } from "./health/check.ts";

/** How the control plane is, part by part, for whoever has a token: 503 where a part fails, with the same told in `health`. */
export async function health({ caller, admin, services }: Call): Promise<Response> {
  const { name, role, scope } = caller;
  const { parts, ...known } = await checkHealth(services);
  const config = { ...parts.config, sessionKey: admin.sessionKey !== undefined };
  const found = { ...known, caller: { name, role, scope }, parts: { ...parts, config } };
  if (found.status === "ok") return json(found);
  throw new ApiError("unhealthy", undefined, { health: found });
}
