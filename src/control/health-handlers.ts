import { ApiError } from "./api-error.ts";
import { json, type Call } from "./call.ts";
import { checkHealth } from "./health/check.ts";

/** How the control plane is, part by part, for whoever has a token: 503 where a part fails, with the same told in `health`. */
export async function health({ caller, services }: Call): Promise<Response> {
  const { name, role, scope } = caller;
  const found = { ...(await checkHealth(services)), caller: { name, role, scope } };
  if (found.status === "ok") return json(found);
  throw new ApiError("unhealthy", undefined, { health: found });
}
