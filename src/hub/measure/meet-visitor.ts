import type { VisitorReport } from "../../report/measured.ts";
import { KINDS, type Kind, type Visitor } from "./visitors.ts";

/** The allocation that a visitor was met under. */
interface Under {
  readonly number: number;
  readonly since: number;
}

/** How a visitor who was never met before counts: a pin only where no draw behind it can be older than the record of its allocation. */
function kindOf({ exposure, seenAt }: VisitorReport, since: number): Kind {
  if (exposure === "drawn") return KINDS.drawn;
  if (exposure === "rule") return KINDS.rule;
  const isOfRecord = exposure === "pinned" && seenAt !== undefined && seenAt >= since;
  return isOfRecord ? KINDS.drawn : KINDS.older;
}

/** A visitor with more minutes with a failure. Each counts once, as far as it lies outside of those that are known. */
function withFailures(visitor: Visitor, minutes: readonly number[]): Visitor {
  let { failed, firstFailed, lastFailed } = visitor;
  for (const minute of minutes.toSorted((one, other) => one - other)) {
    if (failed > 0 && minute >= firstFailed && minute <= lastFailed) continue;
    firstFailed = failed === 0 ? minute : Math.min(firstFailed, minute);
    lastFailed = Math.max(lastFailed, minute);
    failed += 1;
  }
  return failed === visitor.failed ? visitor : { ...visitor, failed, firstFailed, lastFailed };
}

/**
 * What is known of a visitor after a report, `undefined` where that is what was known before. The first
 * exposure is for good; whom a rule or an old pin brought is exposed when they are drawn. Pure.
 */
export function met(
  known: Visitor | undefined,
  report: VisitorReport,
  { number, since }: Under,
): Visitor | undefined {
  const { variant, exposure, at, failed = [] } = report;
  const isDrawnNow = known !== undefined && known.kind !== KINDS.drawn && exposure === "drawn";
  if (known === undefined || isDrawnNow) {
    const fresh: Visitor = {
      allocation: number,
      variant,
      kind: kindOf(report, since),
      firstSeen: at,
      failed: 0,
      firstFailed: 0,
      lastFailed: 0,
      crossed: false,
    };
    return withFailures(fresh, failed);
  }
  // What they do counts while their allocation is in force, and what a rule chose is not theirs.
  if (known.allocation !== number || exposure === "rule") return undefined;
  if (known.variant !== variant) return known.crossed ? undefined : { ...known, crossed: true };
  const now = withFailures(known, failed);
  if (at < known.firstSeen) return { ...now, firstSeen: at };
  return now === known ? undefined : now;
}
