import { createHash } from "node:crypto";

import { startGateway, type TestGateway } from "../../support/gateway.ts";

/** What each token of these gateways may do. */
export const TOKENS = { write: "token-of-a-writer-1", read: "token-of-a-reader-2" } as const;

/** Signs QA links. */
const OVERRIDE_SECRET = "a-secret-of-these-tests";

/** A gateway whose API is on. */
export async function startWithApi(
  policies: Readonly<Record<string, unknown>> = {},
): Promise<TestGateway> {
  const tokens = Object.entries(TOKENS).map(([role, token]) => ({
    name: role,
    sha256: createHash("sha256").update(token).digest("hex"),
    role,
    scope: "*",
  }));
  return startGateway({
    policies,
    vars: { MEMORY_TTL_SECONDS: "0" },
    secrets: { ADMIN_TOKENS: JSON.stringify(tokens), OVERRIDE_SECRET },
  });
}
