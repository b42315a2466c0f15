import { exposedIn } from "../expected.ts";
import { chance, whole } from "../words.ts";
import type { GuardData, JudgedCheck } from "./types.ts";

/** The p of an alert, which the check has for its limit: an experiment that is split as drawn ever has it in 1 of 1 000. */
const ALERT = 0.001;

/** Whether visitors are split as drawn: breached by an alert, which is told and may pause, never take back. */
export function split(data: GuardData): Omit<JudgedCheck, "check"> {
  const { verdict, p } = data.srm;
  const visitors = data.strata.reduce((sum, stratum) => sum + exposedIn(stratum), 0);
  const found = { variant: undefined, value: p, limit: ALERT, visitors };
  const seen = `${whole(visitors)} visitors, ${chance(p)}`;
  if (verdict === "alert") {
    const evidence = `Visitors are not split as drawn (${seen}); find out why before anything else is believed.`;
    return { ...found, verdict: "breached", missing: undefined, evidence };
  }
  if (verdict === "warn") {
    const evidence = `The split may be uneven (${seen}).`;
    return { ...found, verdict: "watching", missing: evidence, evidence };
  }
  const evidence = `Visitors are split as drawn, as far as ${seen}, tells.`;
  if (visitors > 0) return { ...found, verdict: "healthy", missing: undefined, evidence };
  const missing = "No visitor was exposed yet.";
  return { ...found, verdict: "watching", missing, evidence: missing };
}
