import type { Route } from "../../api/client/reads.ts";
import { parseValue } from "../../policy/parse.ts";
import { RELEASE } from "../../lib/release.ts";
import { well, wrong, type Finding } from "./finding.ts";

/** Whether every policy that is stored is one for this release too: what it cannot read it would not serve. */
export function releaseFindings(routes: readonly Route[], allowPrivateOrigins: boolean): Finding[] {
  const findings = routes.flatMap(({ key, policy, version }): Finding[] => {
    if (policy === null || policy === undefined) return [];
    const parsed = parseValue(policy, { allowPrivateOrigins, key });
    if (parsed.ok) return [];
    const [issue] = parsed.issues;
    const what = `${key}, version ${version}: ${issue?.path ?? "$"}: ${issue?.message ?? "is not valid"}`;
    return [wrong("policies", what, `${issue?.fix ?? "mend it"}; then deploy`)];
  });
  if (findings.length > 0) return findings;
  return [
    well("policies", `all ${routes.length} stored policies are valid under release ${RELEASE}`),
  ];
}
