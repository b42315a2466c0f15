import { isbot } from "isbot";

import { remembered } from "../../lib/remembered.ts";

/** Crawlers declare themselves in the first words; the rest of a giant field is not worth its time. */
const MAX_AGENT_CHARS = 1000;

/** Longer fields are judged each time. */
const MAX_REMEMBERED_CHARS = 400;

/** Programs whose verdict is remembered. Nearly all visitors use one of a few hundred. */
export const MAX_AGENTS = 1000;

const judged = remembered((agent) => isbot(agent.slice(0, MAX_AGENT_CHARS)), {
  most: MAX_AGENTS,
  maxChars: MAX_REMEMBERED_CHARS,
});

/** Whether a `User-Agent` declares a crawler. Remembered, since every visit that counts asks, and judging one takes microseconds. */
export const isCrawler = (agent: string | null): boolean =>
  agent !== null && agent !== "" && judged(agent);
