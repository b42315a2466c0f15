import type { LeafNode } from "../policy/compiled.ts";
import { describeMatch } from "../policy/match.ts";
import type { Trace } from "./trace.ts";

/** One step passed on the way, and what came of it. */
export interface Step {
  readonly step: string;
  readonly outcome: string;
}

const inOrOut = (isIn: boolean): string => (isIn ? "inside" : "outside");

/** What a choice waits for, where it takes steps that have to be earned. */
function waiting(node: LeafNode, now: number): string {
  const { guard } = node.definition;
  const waits = guard === "nothing" ? undefined : guard.waits?.(node, now);
  return waits ? `; ${waits}` : "";
}

/** A trace that puts each step at a time (ms since the epoch) into words, and into a list. */
export function traceInto(steps: Step[], now: number): Trace {
  const add = (step: string, outcome: string) => void steps.push({ step, outcome });
  return {
    force: ({ name }) => add("force", `everybody gets "${name}"`),
    bots: ({ name }, isBot) =>
      add("bots", isBot ? `a declared crawler gets "${name}"` : "no declared crawler"),
    consent: (cookie, isGiven) =>
      add("consent", isGiven ? "given" : `the cookie "${cookie}" is absent`),
    override: (asked) =>
      add("override", typeof asked === "string" ? `ignored: ${asked}` : `asks for "${asked.name}"`),
    rules(rules, index) {
      const rule = rules[index];
      if (rule === undefined) add("rules", `none of ${rules.length} matches`);
      else if (rule.name === "")
        add("rules", `rule ${index + 1} matches: ${describeMatch(rule.match)}`);
      else add("rules", `rule "${rule.name}" matches`);
    },
    drain: (kept) => add("drain", kept === undefined ? "none" : `keeps "${kept.name}"`),
    pin(pinned, counts) {
      if (pinned === undefined) add("pin", "none");
      else add("pin", counts ? `keeps "${pinned.name}"` : `"${pinned.name}" no longer counts`);
    },
    coverage: ({ coverage }, isIn) => add("coverage", `${inOrOut(isIn)} the ${coverage} % covered`),
    group: ({ name, from, to }, isIn) =>
      add("group", `${inOrOut(isIn)} ${from} to ${to} % of "${name}"`),
    strategy: (node, { name }) =>
      add("strategy", `${node.strategy} chooses "${name}"${waiting(node, now)}`),
    map: ({ strategy }, prefix) =>
      add(strategy, prefix === undefined ? "no prefix, and no default" : `"${prefix}" leads on`),
    end: ({ strategy }) => add(strategy, "ends at the gateway"),
    preflight: () => add("cors", "a preflight"),
  };
}
