import * as v from "valibot";

import { locate } from "../policy/locate.ts";
import { parseValue } from "../policy/parse.ts";

const LeaseHolder = v.object({ lease: v.object({ until: v.string() }) });

const Weighted = v.object({
  variants: v.array(v.object({ name: v.string(), weight: v.number() })),
});

/** The policy at a place of a route's, or `undefined` where there is none, or none that is valid. */
function policyAt(policy: unknown, node: string): unknown {
  const parsed = parseValue(policy, { allowPrivateOrigins: true });
  return parsed.ok ? locate(parsed.policy, node)?.policy : undefined;
}

/** Until when the lease of the policy at a place holds (ms); `undefined` where it has none. */
export function leaseEnd(policy: unknown, node: string): number | undefined {
  const found = v.safeParse(LeaseHolder, policyAt(policy, node));
  return found.success ? Date.parse(found.output.lease.until) : undefined;
}

/** The share, 0 to 1, of each variant of the policy at a place that has weights; empty where it has none. */
export function sharesAt(
  policy: unknown,
  node: string,
): readonly { readonly name: string; readonly share: number }[] {
  const found = v.safeParse(Weighted, policyAt(policy, node));
  if (!found.success) return [];
  const { variants } = found.output;
  const sum = variants.reduce((total, { weight }) => total + weight, 0);
  return variants.map(({ name, weight }) => ({ name, share: weight / sum }));
}
