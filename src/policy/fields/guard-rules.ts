import { STOPS_RAMP } from "../../lib/guard.ts";
import { nearest } from "../../lib/nearest.ts";
import { listed, shorten } from "../../lib/shorten.ts";
import { message } from "../../lib/strict-object.ts";
import { isFields, listOf, type Fields, type Report } from "../check-report.ts";
import { MAX_GUARD_CHECKS, MAX_RECEIVERS } from "../limits.ts";
import type { Guarding } from "../strategies/definition.ts";
import type { Around } from "./definition.ts";

type AnyGuarding = Omit<Guarding<never>, "control">;

/** Whether a check compares a variant with the control. */
const compares = (check: Fields): boolean =>
  "maxIncrease" in check || check["metric"] === "goal" || check["metric"] === "srm";

function checkAction(
  { action }: Fields,
  { actions }: AnyGuarding,
  { policy, definition }: Around,
  report: Report,
): void {
  const fitting: readonly unknown[] = actions;
  if (typeof action !== "string") return;
  if (!fitting.includes(action))
    report(
      ["guard", "action"],
      message(
        () => `"${shorten(action)}" does not fit a ${definition?.title}`,
        () => `use one of: ${listed(actions)}`,
      ),
    );
  else if (action === STOPS_RAMP && !("ramp" in policy))
    report(
      ["guard", "action"],
      message(
        "pauses a ramp, and this policy has none: a fixed percent stands still",
        () => `add a "ramp", or use one of: ${listed(actions.filter((one) => one !== action))}`,
      ),
    );
}

function checkControl(
  { control }: Fields,
  { controls }: AnyGuarding,
  names: readonly string[],
  { policy, definition }: Around,
  report: Report,
): void {
  const known = controls(policy);
  // One that is not a variant at all is told of as every other such name.
  if (typeof control !== "string" || !names.includes(control) || known.includes(control)) return;
  report(
    ["guard", "control"],
    message(
      () =>
        known.length === 0
          ? `the control of a ${definition?.title} is the variant before the last change`
          : `"${shorten(control)}" cannot be the control of this ${definition?.title}`,
      () =>
        known.length === 0
          ? 'take "control" away'
          : `use one that has visitors and is not what goes back: ${listed(known)}`,
    ),
  );
}

/** A goal that a check names is one of the route's. */
function checkGoal(goal: unknown, index: number, goals: readonly unknown[], report: Report): void {
  const known = goals.flatMap((one) =>
    isFields(one) && typeof one["name"] === "string" ? [one["name"]] : [],
  );
  if (typeof goal !== "string" || known.includes(goal)) return;
  report(["guard", "checks", index, "goal"], () => {
    const near = nearest(goal, known);
    return message(
      () => `"${shorten(goal)}" is not a goal of this route`,
      () => {
        if (near !== undefined) return `did you mean "${near}"?`;
        return known.length > 0
          ? `use one of: ${listed(known)}`
          : 'declare it in "goals" of the root policy';
      },
    );
  });
}

function checkEarn(checks: readonly unknown[], { policy }: Around, report: Report): void {
  const limitsIncrease = checks.some(
    (one) => isFields(one) && one["metric"] === "failures" && "maxIncrease" in one,
  );
  if (!("ramp" in policy))
    report(
      ["guard", "earn"],
      message(
        "earns the steps of a ramp, and this policy has none",
        'add a "ramp" to a canary, or take "earn" away',
      ),
    );
  else if (!limitsIncrease)
    report(
      ["guard", "earn"],
      message(
        "needs a limit by which a step is earned",
        'add the check {"metric": "failures", "maxIncrease": 1}',
      ),
    );
}

/** The rules between a guard and the policy that it stands on. */
export function checkGuard(guard: unknown, around: Around, report: Report): void {
  const { policy, definition, goals } = around;
  if (definition?.kind !== "leaf" || !isFields(guard)) return;
  const guarding = definition.guard;
  const names = definition.variantNames(policy);
  if (guarding === "nothing" || names.length < 2) {
    report(
      ["guard"],
      message(
        () =>
          `guards nothing: this ${definition.title} has one variant, and no other to go back to`,
        'take "guard" away, or put it on a canary, weighted or blue-green policy',
      ),
    );
    return;
  }
  checkAction(guard, guarding, around, report);
  checkControl(guard, guarding, names, around, report);
  const checks = listOf(guard["checks"]).slice(0, MAX_GUARD_CHECKS);
  for (const [index, check] of checks.entries()) {
    if (!isFields(check)) continue;
    if (!guarding.compares && compares(check))
      report(
        ["guard", "checks", index],
        message(
          () => `compares variants, and a ${definition.title} serves one at a time`,
          'use a limit of its own: "max" of failures, or "maxMs" of latency',
        ),
      );
    else if (check["metric"] === "goal") checkGoal(check["goal"], index, goals, report);
  }
  if (guard["earn"] === true) checkEarn(checks, around, report);
  const notify = listOf(guard["notify"]).slice(0, MAX_RECEIVERS);
  for (const [index, name] of notify.entries())
    if (typeof name === "string" && notify.indexOf(name) < index)
      report(
        ["guard", "notify", index],
        message(() => `"${shorten(name)}" is named twice`, "name each receiver once"),
      );
}
