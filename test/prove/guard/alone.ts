import { judgeGuard } from "../../../src/stats/guard/judge.ts";
import type { GuardData } from "../../../src/stats/guard/types.ts";
import type { ErrorProof } from "./error.ts";

/** A guard that acts on the least there is, but wants ten visitors with a failure from ten addresses. */
function dataOf(failed: number, addresses: number): GuardData {
  const canary = { visitors: failed, failed, crossovers: 0, goals: {} };
  const stable = { visitors: 9 * failed, failed: 0, crossovers: 0, goals: {} };
  return {
    checks: [
      { metric: "failures", max: 0 },
      { metric: "failures", maxIncrease: 0 },
    ],
    minVisitors: 10,
    control: "stable",
    variants: ["canary"],
    identity: "lasting",
    windowMs: 300_000,
    window: {
      canary: { visitors: failed, failed, failedNetworks: addresses, latency: [], networks: [] },
    },
    strata: [
      {
        allocation: "90/10",
        since: 0,
        shares: { stable: 0.9, canary: 0.1 },
        exposed: { stable: 9 * failed, canary: failed },
        variants: { stable, canary },
      },
    ],
    networks: { canary: addresses },
    halvings: 0,
    goals: [],
    srm: { verdict: "ok", p: 1 },
  };
}

const isBreached = (failed: number, addresses: number): boolean =>
  judgeGuard(dataOf(failed, addresses)).verdict === "breached";

/** Looks while one visitor fails 100 000 times: they are one visitor at every one of them. */
export const oneVisitor = (): ErrorProof => ({
  name: "one visitor with 100 000 failures",
  runs: 1,
  acted: isBreached(1, 1) ? 1 : 0,
});

/** A machine's cookies, and nine machines': each further cookie is a look. */
export function machines(addresses: number, cookies: number): ErrorProof {
  let acted = 0;
  for (let failed = 1; failed <= cookies; failed += 1)
    if (isBreached(failed, Math.min(failed, addresses))) acted += 1;
  const name = `${addresses} ${addresses === 1 ? "machine" : "machines"} with ${cookies} cookies, all failing`;
  return { name, runs: cookies, acted };
}
