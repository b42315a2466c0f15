import { createHash } from "node:crypto";

import {
  startControl,
  startFleet,
  type FleetOptions,
  type TestControl,
  type TestFleet,
} from "../../support/gateway.ts";

/** What each token of these gateways may do. */
export const TOKENS = { write: "token-of-a-writer-1", read: "token-of-a-reader-2" } as const;

/** Signs QA links. */
const OVERRIDE_SECRET = "a-secret-of-these-tests";

/** Which values a gateway has in KV, by key. */
type Policies = Readonly<Record<string, unknown>>;
/** What both Workers are given besides. */
type More = Pick<FleetOptions, "vars" | "secrets">;

function withApi(policies: Policies, { vars, secrets }: More = {}): FleetOptions {
  const tokens = Object.entries(TOKENS).map(([role, token]) => ({
    name: role,
    sha256: createHash("sha256").update(token).digest("hex"),
    role,
    scope: "*",
  }));
  return {
    policies,
    vars: { MEMORY_TTL_SECONDS: "0", ...vars },
    secrets: { OVERRIDE_SECRET, ...secrets },
    admin: { secrets: { ADMIN_TOKENS: JSON.stringify(tokens) } },
  };
}

/** A gateway with a control plane whose API is on. */
export async function startWithApi(policies: Policies = {}, more?: More): Promise<TestFleet> {
  return startFleet(withApi(policies, more));
}

/** Such a control plane alone, where no test visits what the gateway serves. */
export async function startApi(policies: Policies = {}): Promise<TestControl> {
  return startControl(withApi(policies));
}
