import { words } from "../../lib/strict-object.ts";
import { singleValue, upper } from "./single-value.ts";

/** The visitor's region: the ISO 3166-2 code without its country, as the edge tells it: no field of the request tells a cache. */
export const region = singleValue({
  name: words("the region"),
  fold: upper,
  read: (facts) => facts.region(),
  cacheKey: { vary: [], unshareable: true },
});
