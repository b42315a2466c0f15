import { words } from "../../lib/strict-object.ts";
import { singleValue, upper } from "./single-value.ts";

/** The visitor's country, as the edge tells it: no field of the request tells a cache. */
export const country = singleValue({
  name: words("the country"),
  fold: upper,
  read: (facts) => facts.country(),
  cacheKey: { vary: [], unshareable: true },
});
