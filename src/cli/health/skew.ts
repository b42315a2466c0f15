import type { Health } from "../../api/health-form.ts";
import { compareReleases, RELEASE } from "../../lib/release.ts";
import { percent } from "../text/bars.ts";

type Versions = Pick<Health["parts"]["version"], "control" | "gateways" | "serving">;

const how = (compared: number | undefined): string =>
  compared === undefined ? "another" : compared < 0 ? "an older" : "a newer";

/** Which share of the isolates is of a release; nothing where the control plane does not say. */
function shareOf(release: string, { serving = [] }: Versions): string {
  const own = serving.filter((one) => one.release === release);
  const share = own.reduce((sum, one) => sum + one.share, 0);
  return own.length === 0 ? "" : `, ${percent(share)} of the isolates that report`;
}

/** What is installed of another release than the control plane, and what to do about it. */
export interface Skew {
  readonly what: string;
  readonly fix: string;
}

/** What is installed of another release than the control plane, one by one. */
export function skewOf(versions: Versions, sy = RELEASE): Skew[] {
  const { control, gateways } = versions;
  const told: Skew[] = [];
  const own = compareReleases(sy, control);
  if (own !== 0)
    told.push({
      what: `sy ${sy} is of ${how(own)} release than control ${control}`,
      fix: `use sy ${control}`,
    });
  for (const gateway of gateways) {
    const its = compareReleases(gateway, control);
    if (its === 0) continue;
    // While one is rolled out both are there: that passes by itself.
    told.push({
      what: `a gateway of ${how(its)} release (${gateway}${shareOf(gateway, versions)}) serves beside control ${control}`,
      fix: "deploy both with npm run deploy, if no deployment is under way",
    });
  }
  return told;
}

/** A skew in one sentence. */
export const skewWords = ({ what, fix }: Skew): string => `${what}; ${fix}`;
