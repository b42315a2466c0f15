import { words } from "../../lib/strict-object.ts";
import { flag } from "./flag.ts";

/** Whether a declared crawler asks. Whether one is verified comes from the edge: no field of the request tells a cache. */
export const bot = flag({
  read: (facts) => facts.bot(),
  cacheKey: { vary: ["user-agent"], unshareable: true },
  words: [words("a declared crawler asks"), words("no declared crawler asks")],
});
