import { createHash } from "node:crypto";

import { startFleet, type TestFleet } from "../../support/gateway.ts";

/** What each token of these gateways may do. */
export const TOKENS = { write: "token-of-a-writer-1", read: "token-of-a-reader-2" } as const;

/** Signs QA links. */
const OVERRIDE_SECRET = "a-secret-of-these-tests";

/** A gateway with a control plane whose API is on. */
export async function startWithApi(
  policies: Readonly<Record<string, unknown>> = {},
): Promise<TestFleet> {
  const tokens = Object.entries(TOKENS).map(([role, token]) => ({
    name: role,
    sha256: createHash("sha256").update(token).digest("hex"),
    role,
    scope: "*",
  }));
  return startFleet({
    policies,
    vars: { MEMORY_TTL_SECONDS: "0" },
    secrets: { OVERRIDE_SECRET },
    admin: { secrets: { ADMIN_TOKENS: JSON.stringify(tokens) } },
  });
}
