import { expected, words } from "../../lib/strict-object.ts";
import { anyName, namedValues } from "./named-values.ts";

/** Cookies by name, with case. */
export const cookie = namedValues({
  name: words("cookie"),
  nameSchema: anyName(words("cookie")),
  mustBe: expected("be an object of cookie names and conditions", 'write {"name": "value"}'),
  foldName: (name) => name,
  holds: (condition, facts, name) => condition.many(facts.cookie(name)),
  cacheKey: (names) => ({ vary: names.length === 0 ? [] : ["cookie"], unshareable: false }),
});
