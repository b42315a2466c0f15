import { expected, words } from "../../lib/strict-object.ts";
import { NOTHING } from "../cache-key.ts";
import { anyName, namedValues } from "./named-values.ts";

/** Query parameters by name. Part of the URL, so no cache has to be told. */
export const query = namedValues({
  name: words("query parameter"),
  nameSchema: anyName(words("query parameter")),
  mustBe: expected(
    "be an object of query parameter names and conditions",
    'write {"name": "value"}',
  ),
  foldName: (name) => name,
  holds: (condition, facts, name) => condition.many(facts.query(name)),
  cacheKey: () => NOTHING,
});
