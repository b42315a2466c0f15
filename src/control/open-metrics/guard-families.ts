import { GUARD_VERDICTS } from "../../lib/guard.ts";
import type { GuardCheckStatus, GuardTotals } from "../../report/answers.ts";
import type { Family, Labels, Sample } from "./text.ts";

type Guards = readonly GuardTotals[];

const gauge = (labels: Labels, value: number): Sample => ({ suffix: "", labels, value });

/** The variant that a guard's state is about: that of the check that decides it, as far as one was measured. */
function variantOf({ status: { verdict, checks } }: GuardTotals): string {
  const measured = checks.filter(({ variant }) => variant !== null);
  const found = measured.find((check) => check.verdict === verdict) ?? measured[0];
  return found?.variant ?? "";
}

/** What tells the checks of a guard apart. */
const checkLabels = ({ metric, limits, quantile, goal }: GuardCheckStatus): Labels => ({
  metric,
  limits,
  ...(quantile === undefined ? {} : { quantile: String(quantile) }),
  ...(goal === undefined ? {} : { goal }),
});

/** The checks of a guard with their labels. Of two that differ in their limit alone there is one, for a series that stands twice spoils the whole scrape. */
function checksOf({ route, experiment, status }: GuardTotals): [Labels, GuardCheckStatus][] {
  const byLabels = new Map<string, [Labels, GuardCheckStatus]>();
  for (const check of status.checks) {
    const told = checkLabels(check);
    const id = JSON.stringify(told);
    const labels = { route, experiment, variant: check.variant ?? "", ...told };
    if (!byLabels.has(id)) byLabels.set(id, [labels, check]);
  }
  return [...byLabels.values()];
}

const ofChecks = (guards: Guards, valueOf: (check: GuardCheckStatus) => number | null): Sample[] =>
  guards.flatMap(checksOf).flatMap(([labels, check]) => {
    const value = valueOf(check);
    return value === null ? [] : [gauge(labels, value)];
  });

/** The families of the guards that shards tell of. */
export function guardFamiliesOf(guards: Guards): Family[] {
  return [
    {
      name: "switchyard_guard_state",
      type: "gauge",
      help: "Whether a guard is in this state: one of its four is 1.",
      samples: guards.flatMap((guard) => {
        const { route, experiment, status } = guard;
        const labels = { route, experiment, variant: variantOf(guard) };
        return GUARD_VERDICTS.map((state) =>
          gauge({ ...labels, state }, Number(state === status.verdict)),
        );
      }),
    },
    {
      name: "switchyard_guard_check_value",
      type: "gauge",
      help: "What a check has found, in the unit of its limit; absent where nothing was measured.",
      samples: ofChecks(guards, ({ value }) => value),
    },
    {
      name: "switchyard_guard_check_limit",
      type: "gauge",
      help: "What a check allows: percent, percentage points, milliseconds, or the p-value of srm.",
      samples: ofChecks(guards, ({ limit }) => limit),
    },
    {
      name: "switchyard_guard_check_sample",
      type: "gauge",
      help: "Visitors that a check's value is of.",
      samples: ofChecks(guards, ({ visitors }) => visitors),
    },
  ];
}
