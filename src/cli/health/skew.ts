import { compareReleases, RELEASE } from "../../lib/release.ts";

/** What is installed of another release than the control plane, one sentence each. */
export function skewOf(control: string, gateways: readonly string[], sy = RELEASE): string[] {
  const told: string[] = [];
  const own = compareReleases(sy, control);
  if (own === undefined || own !== 0) {
    const how = own === undefined ? "another" : own < 0 ? "an older" : "a newer";
    told.push(`sy ${sy} is of ${how} release than control ${control}; use sy ${control}`);
  }
  for (const gateway of gateways) {
    const its = compareReleases(gateway, control);
    if (its === 0) continue;
    const how = its === undefined ? "another" : its < 0 ? "an older" : "a newer";
    // While one is rolled out both are there: that passes by itself.
    told.push(
      `a gateway of ${how} release (${gateway}) serves beside control ${control}; deploy both with npm run deploy, if no deployment is under way`,
    );
  }
  return told;
}
