import { isbot } from "isbot";

/** Crawlers declare themselves in the first words; the rest of a giant field is not worth its time. */
const MAX_AGENT_CHARS = 1000;

/** Longer fields are judged each time: what is remembered must not fill an isolate. */
const MAX_REMEMBERED_CHARS = 400;

/** Programs whose verdict is remembered; forgotten and judged again beyond that. Nearly all visitors use one of a few hundred. */
export const MAX_AGENTS = 1000;

const verdicts = new Map<string, boolean>();

/** Whether a `User-Agent` declares a crawler. Remembered, since every visit that counts asks, and judging one takes microseconds. */
export function isCrawler(agent: string | null): boolean {
  if (agent === null || agent === "") return false;
  if (agent.length > MAX_REMEMBERED_CHARS) return isbot(agent.slice(0, MAX_AGENT_CHARS));
  const known = verdicts.get(agent);
  if (known !== undefined) return known;
  const verdict = isbot(agent);
  if (verdicts.size >= MAX_AGENTS) verdicts.clear();
  verdicts.set(agent, verdict);
  return verdict;
}
