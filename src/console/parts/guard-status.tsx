import "./guard-status.css";

import type { GuardStatus as Status } from "../../report/answers.ts";
import { checkName, measured } from "../../stats/guard/words.ts";
import { count } from "../data/format.ts";
import { Badge, type Tone } from "./badge.tsx";
import { SeriesMark } from "./share-bar.tsx";
import { Scroll } from "./scroll.tsx";
import { Time } from "./time.tsx";
import { Columns, numberColumn, textColumn } from "./columns.tsx";

/** What is told of each check. */
const COLUMNS = [
  textColumn("Check"),
  textColumn("Nearest variant"),
  numberColumn("Value"),
  numberColumn("Limit"),
  numberColumn("Visitors"),
  textColumn("State"),
];

const TONES: Readonly<Record<Status["verdict"], Tone>> = {
  healthy: "good",
  watching: "none",
  alerted: "warn",
  acted: "bad",
};

/** What a guard, or one of its checks, says. */
function GuardBadge({ verdict }: Pick<Status, "verdict">) {
  return <Badge tone={TONES[verdict]}>{verdict}</Badge>;
}

interface GuardStatusProps {
  readonly guard: Status;
  /** What its table is told as. */
  readonly label?: string;
  /** Which colour and shape a variant has. */
  readonly seriesOf: (variant: string) => number;
}

/** A guard: what it says, where each check stands beside its limit, what it waits for and what it did last. */
export function GuardStatus({ guard, label = "Checks of the guard", seriesOf }: GuardStatusProps) {
  const { verdict, words, checks, ramp, acted } = guard;
  return (
    <div class="guard-status">
      <div class="row">
        <h3>Guard</h3>
        <GuardBadge verdict={verdict} />
        <span class="name">{words}</span>
      </div>
      {acted !== undefined && (
        <p class="name">
          <strong>{acted.action}</strong>, <Time at={acted.at} ago />
          {!words.includes(acted.evidence) && <>: {acted.evidence}</>}
        </p>
      )}
      {ramp !== undefined && (
        <p class="name">
          Step {ramp.step + 1} of {ramp.steps} is earned
          {ramp.missing !== null && <>; the next one waits: {ramp.missing}</>}
        </p>
      )}
      {checks.length > 0 && (
        <Scroll label={label}>
          <table class="table">
            <Columns of={COLUMNS} />
            <tbody>
              {checks.map((check) => (
                <tr key={`${check.metric} ${check.limits} ${check.quantile} ${check.goal}`}>
                  <th scope="row">
                    <span class="name">{checkName(check)}</span>
                  </th>
                  <td>
                    {check.variant === null ? (
                      "–"
                    ) : (
                      <span class="guard-status-variant" title={check.variant}>
                        <SeriesMark index={seriesOf(check.variant)} />
                        <bdi>{check.variant}</bdi>
                      </span>
                    )}
                  </td>
                  <td class="number">{measured(check, check.value)}</td>
                  <td class="number">{measured(check, check.limit)}</td>
                  <td class="number">{count(check.visitors)}</td>
                  <td>
                    <GuardBadge verdict={check.verdict} />
                    {check.missing !== undefined && (
                      <span class="guard-status-missing soft name">{check.missing}</span>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </div>
  );
}
