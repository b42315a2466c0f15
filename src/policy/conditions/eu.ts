import { words } from "../../lib/strict-object.ts";
import { flag } from "./flag.ts";

/** Whether the visitor is in a country of the European Union, as the edge tells it: no field of the request tells a cache. */
export const eu = flag({
  read: (facts) => facts.eu(),
  cacheKey: { vary: [], unshareable: true },
  words: [
    words("the visitor is in the European Union"),
    words("the visitor is not in the European Union"),
  ],
});
