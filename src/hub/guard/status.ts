import type { GuardVerdict } from "../../lib/guard.ts";
import { formatInstant } from "../../lib/instant-text.ts";
import type { GuardCheckStatus, GuardStatus } from "../../report/answers.ts";
import type { JudgedCheck, Judgement } from "../../stats/guard/types.ts";
import type { Head } from "../head.ts";
import { earnedRamp, earning, holds } from "./earn.ts";
import type { Judged, Sources } from "./gather.ts";
import { judged } from "./judge.ts";
import type { Waiting } from "./orders.ts";
import { checkName, refusedOf, type GuardState } from "./state.ts";
import { actionWords } from "./ordered-action.ts";

/** What telling of a guard takes. */
export interface Telling {
  readonly head: Head;
  readonly of: Judged;
  readonly state: GuardState;
  readonly waiting: Waiting | undefined;
  /** Whether what it took back was not given back yet. */
  readonly stands: boolean;
  /** Whether there is anybody to ask for an edit. */
  readonly acts: boolean;
}

const limitsOf = (check: JudgedCheck["check"]): GuardCheckStatus["limits"] => {
  if (check.metric === "srm") return "p";
  if ("max" in check) return "max";
  if ("maxMs" in check) return "maxMs";
  return "maxDrop" in check ? "maxDrop" : "maxIncrease";
};

/** Where a check stands, of which somebody may have been told. */
function verdictOf(
  { check, verdict }: JudgedCheck,
  { head, state, stands }: Telling,
): GuardVerdict {
  const name = checkName(check);
  if (stands && state.acted?.checks.includes(name) === true) return "acted";
  const isTold = state.alerted?.version === head.version && state.alerted.checks.includes(name);
  if (isTold) return "alerted";
  if (verdict !== "breached") return verdict;
  return refusedOf(state, head) === undefined ? "watching" : "alerted";
}

/** What a verdict waits for, with what keeps a breach from having been acted on. */
function missingOf(judgedCheck: JudgedCheck, verdict: GuardVerdict, { waiting }: Telling) {
  if (verdict !== "watching") return undefined;
  if (judgedCheck.missing !== undefined) return judgedCheck.missing;
  return waiting === undefined
    ? "The limit is exceeded; the guard is about to act."
    : `The limit is exceeded; the ledger has not answered ${waiting.attempts} orders so far.`;
}

function checkStatus(one: JudgedCheck, telling: Telling): GuardCheckStatus {
  const { check, variant, value, limit, visitors } = one;
  const verdict = verdictOf(one, telling);
  const missing = missingOf(one, verdict, telling);
  return {
    metric: check.metric,
    limits: limitsOf(check),
    ...("quantile" in check && { quantile: check.quantile }),
    ...("goal" in check && { goal: check.goal }),
    variant: variant ?? null,
    value: value ?? null,
    limit,
    visitors,
    verdict,
    ...(missing !== undefined && { missing }),
  };
}

const WORST: readonly GuardVerdict[] = ["acted", "alerted", "watching", "healthy"];

/** One sentence about a guard. */
function wordsOf(
  verdict: GuardVerdict,
  telling: Telling,
  checks: readonly GuardCheckStatus[],
  { checks: found }: Judgement,
): string {
  const { head, of, state, waiting, acts } = telling;
  const { acted } = state;
  const refused = refusedOf(state, head);
  if (head.silent)
    return "A person gave back what the guard had taken: it says nothing of this version, and watches again from the next policy on.";
  if (telling.stands && acted !== undefined) return `${acted.evidence} The guard took it back.`;
  if (of.situation.idle !== undefined) return `Nothing to guard now: ${of.situation.idle}.`;
  if (waiting !== undefined && waiting.attempts > 1)
    return `The guard would have ${actionWords(waiting.order.action)}; the ledger did not answer ${waiting.attempts} times, and is asked again.`;
  if (refused !== undefined)
    return `The ledger refused what the guard asked for (${refused.reason}); a person has to look.`;
  const first = checks.findIndex((one) => one.verdict === verdict);
  if (verdict === "healthy")
    return "All checks are within their limits, as far as the visitors so far tell.";
  if (verdict === "alerted") return found[first]?.evidence ?? "";
  const missing = checks[first]?.missing ?? "";
  return acts ? missing : `${missing} There is nobody who could take anything back.`;
}

function rampOf(sources: Sources, { of, head, state, stands }: Telling): GuardStatus["ramp"] {
  const ramp = earnedRamp(of.split);
  if (ramp === undefined) return undefined;
  const { upTo, steps } = ramp;
  const told = { step: upTo, steps: steps.length };
  if (upTo + 1 >= steps.length) return { ...told, missing: null };
  if (head.silent) return { ...told, missing: "The guard is silent about this version." };
  if (stands && state.acted !== undefined)
    return { ...told, missing: "The guard took the canary back." };
  if (of.situation.idle !== undefined)
    return { ...told, missing: `Nothing to grant: ${of.situation.idle}.` };
  const found = earning(sources, of);
  const waits = [holds(ramp, of.now), found.earned ? undefined : found.missing];
  const missing = waits.filter((one) => one !== undefined).join(" ");
  return { ...told, missing: missing === "" ? "The ledger has not answered yet." : missing };
}

/** Where a guard stands, for people. */
export function statusOf(sources: Sources, telling: Telling): GuardStatus {
  const { head, of, state, stands } = telling;
  const judgement = judged(sources, of);
  const checks = judgement.checks.map((one) => checkStatus(one, telling));
  const isIdle = head.silent || of.situation.idle !== undefined;
  const worst = WORST.find((one) => checks.some(({ verdict }) => verdict === one)) ?? "healthy";
  const verdict = stands ? "acted" : isIdle ? "watching" : worst;
  const ramp = rampOf(sources, telling);
  const { acted } = state;
  return {
    verdict,
    checks,
    words: wordsOf(verdict, telling, checks, judgement),
    ...(ramp && { ramp }),
    ...(acted && {
      acted: { at: formatInstant(acted.at), action: acted.action, evidence: acted.evidence },
    }),
  };
}
