import { ApiError, problem } from "./api-error.ts";
import type { Services } from "./call.ts";

/** What a caller is told of an error: a refusal in full, of anything else only that it happened. */
export function responseTo(error: unknown, { log }: Services): Response {
  if (error instanceof ApiError) return problem(error);
  log("error", "a request failed inside the control plane", {
    error: error instanceof Error ? (error.stack ?? error.message) : String(error),
  });
  return problem(new ApiError("internal-error"));
}

/** 401, or 429 for whoever keeps trying: counted by address where a rate limiter is bound. */
export async function refuseUnknown(request: Request, { env, log }: Services): Promise<ApiError> {
  const ip = request.headers.get("cf-connecting-ip") ?? "unknown";
  log("warn", "a caller of the control plane could not prove who they are", { ip });
  const outcome = await env.ADMIN_LIMITER?.limit({ key: ip });
  return new ApiError(outcome?.success === false ? "too-many-requests" : "unauthorized");
}
