import { percent, whole } from "../words.ts";
import { logAtLeast, lowerBound } from "./binomial.ts";
import { verdictOf } from "./fault.ts";
import { windowAlpha, type Finding } from "./finding.ts";
import type { GuardData } from "./types.ts";
import { judgeWindows, type InWindow } from "./windows.ts";

const PERCENT = 100;

function inWindow(
  { minVisitors, control, windowMs }: GuardData,
  variant: string,
  max: number,
  seen: InWindow,
): Finding {
  const { visitors, failed, failedNetworks } = seen.tally;
  const alpha = windowAlpha({ windowMs });
  const [share, allowed] = [failed / visitors, max / PERCENT];
  const fault = {
    variant,
    visitors,
    faulty: failed,
    networks: failedNetworks,
    what: "a failure",
    allowed,
    minVisitors,
  };
  const isBeyond = share > allowed;
  const isSure = failed > 0 && logAtLeast(failed, visitors, allowed) < Math.log(alpha);
  const judged = verdictOf(fault, { isBeyond, isSure });
  // Whatever the limit, and only told where it matters: it takes some sixty times what the verdict does.
  const least = isBeyond
    ? `; it is ${percent(lowerBound(failed, visitors, alpha))} at least, but for 1 chance in ${whole(1 / alpha)}`
    : "";
  const beside =
    seen.control === undefined || seen.control.visitors === 0
      ? ""
      : ` ${control} had ${percent(seen.control.failed / seen.control.visitors)}.`;
  return {
    ...judged,
    variant,
    value: share * PERCENT,
    limit: max,
    visitors,
    evidence: `${whole(failed)} of ${whole(visitors)} visitors of ${variant} had a failure ${seen.when} (${percent(share)}), the limit is ${max} %${least}.${beside}`,
    nearness: allowed > 0 ? share / allowed : share,
  };
}

/** Whether a variant fails for more visitors in a window than it may, whatever the control does. */
export const failuresMax = (data: GuardData, variant: string, max: number): Finding =>
  judgeWindows(data, variant, max, (seen) => inWindow(data, variant, max, seen));
