import { words } from "../../lib/strict-object.ts";
import { singleValue, upper } from "./single-value.ts";

/** The visitor's continent, two letters, as the edge tells it: no field of the request tells a cache. */
export const continent = singleValue({
  name: words("the continent"),
  fold: upper,
  read: (facts) => facts.continent(),
  cacheKey: { vary: [], unshareable: true },
});
