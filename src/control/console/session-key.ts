import type { AdminConfig } from "../../config/admin.ts";
import { ApiError } from "../api-error.ts";

/** The key that sessions are signed with; refuses where there is none. */
export function demandSessionKey({ sessionKey }: AdminConfig): string {
  if (sessionKey !== undefined) return sessionKey;
  throw new ApiError("sessions-off", {
    what: "the secret SESSION_KEY is not set",
    fix: "npm run deploy makes one, and Cloudflare Access works without",
  });
}
