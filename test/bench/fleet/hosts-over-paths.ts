import { simulateUsage, type BillInput } from "./bill-model.ts";

/** The fleet whose KV reads for custom hosts are held against those for path tenants. */
const FLEET = {
  tenants: 10_000,
  requestsPerMonth: 50_000_000,
  isolates: 40,
  hub: false,
  seconds: 300,
} as const;

/** KV keys that a request reads in a fleet whose tenants have hosts of their own, over one whose tenants are told by path. */
export async function hostsOverPaths(fleet: Omit<BillInput, "by"> = FLEET): Promise<number> {
  const keys = async (by: BillInput["by"]) => {
    const usage = await simulateUsage({ ...fleet, by });
    return usage.kvKeys / usage.requests;
  };
  return (await keys("host")) / (await keys("path"));
}
