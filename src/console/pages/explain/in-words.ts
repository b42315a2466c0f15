import type { explainRequest } from "../../../api/client/reads.ts";

export type Explanation = Awaited<ReturnType<typeof explainRequest>>;

/** A step of a decision, for people: what was looked at, and what came of it. */
export interface StepInWords {
  readonly title: string;
  readonly outcome: string;
}

/** Names of the engine's steps that a word alone does not say; each other one is its own title. */
const TITLES: Readonly<Record<string, string>> = {
  pin: "Remembered variant",
  strategy: "Draw",
  override: "QA link",
  bots: "Crawlers",
};

const titled = (step: string): string =>
  TITLES[step] ?? step.slice(0, 1).toUpperCase() + step.slice(1);

function whoAsked({ drawn, decision }: Explanation): StepInWords {
  const id = decision?.visitor;
  if (drawn)
    return {
      title: "Visitor",
      outcome: `a newcomer, who drew the id ${id ?? "for this answer"}: the next newcomer may get another variant`,
    };
  return {
    title: "Visitor",
    outcome: id == null ? "nobody that a cookie tells of" : `known by the id ${id}`,
  };
}

/** The whole way of a request, from the key that it leads to. */
export function stepsOf(explanation: Explanation): readonly StepInWords[] {
  const { key, version, steps } = explanation;
  return [
    {
      title: "Route",
      outcome: version === null ? key : `${key}, version ${version}`,
    },
    whoAsked(explanation),
    ...steps.map(({ step, outcome }) => ({ title: titled(step), outcome })),
  ];
}

/** What the summary says after the variant's name and the reason's word: why, in a sentence. */
export function whyOf({ summary, decision }: Explanation): string {
  const begin = decision === null ? "" : `${decision.variant} (${decision.because}): `;
  return begin !== "" && summary.startsWith(begin) ? summary.slice(begin.length) : summary;
}
