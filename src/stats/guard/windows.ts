import { own } from "../own.ts";
import { NO_VERDICT } from "../verdict.ts";
import { list } from "../words.ts";
import { untold, type Finding } from "./finding.ts";
import type { GuardData, WindowTally } from "./types.ts";

/** What a check of windows looks at. */
export interface InWindow {
  readonly tally: WindowTally;
  /** The control's, at the same time. */
  readonly control: WindowTally | undefined;
  /** `in the last 5 minutes`. */
  readonly when: string;
}

const NAMES: readonly (readonly [seconds: number, name: string])[] = [
  [86_400, "day"],
  [3600, "hour"],
  [60, "minute"],
  [1, "second"],
];

/** A length of time: `5 minutes`, `1 hour and 30 minutes`. */
function duration(ms: number): string {
  let left = Math.max(1, Math.round(ms / 1000));
  const parts: string[] = [];
  for (const [seconds, name] of NAMES) {
    const count = Math.floor(left / seconds);
    if (count === 0) continue;
    left -= count * seconds;
    parts.push(`${count} ${name}${count === 1 ? "" : "s"}`);
  }
  return list(parts);
}

/**
 * A check of windows: of the newest, and of the one before, of which late reports tell. Where the newest has just
 * begun and says nothing yet, the one before is what is told.
 */
export function judgeWindows(
  data: GuardData,
  variant: string,
  limit: number,
  judge: (seen: InWindow) => Finding,
): Finding {
  const length = duration(data.windowMs);
  const found = [
    { windows: data.window, when: `in the last ${length}` },
    { windows: data.before ?? {}, when: `in the ${length} before` },
  ].flatMap(({ windows, when }) => {
    const tally = own(windows, variant);
    if (tally === undefined || tally.visitors === 0) return [];
    return [judge({ tally, control: own(windows, data.control), when })];
  });
  const [first] = found;
  if (first === undefined) {
    const why = data.identity === "no-key" ? NO_VERDICT[data.identity] : undefined;
    const nobody = `No visitor of ${variant} was told of in the last ${length}.`;
    return untold(variant, limit, why === undefined ? nobody : `No verdict possible: ${why}.`);
  }
  const isEarly = ({ verdict, nearness }: Finding) => verdict === "watching" && nearness <= 1;
  return (
    found.find(({ verdict }) => verdict === "breached") ??
    found.find((finding) => !isEarly(finding)) ??
    first
  );
}
