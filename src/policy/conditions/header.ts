import { expected, words } from "../../lib/strict-object.ts";
import { TokenSchema } from "../values.ts";
import { namedValues } from "./named-values.ts";

/** Header fields by name, without case; a repeated one counts as its combined value (RFC 9110 §5.3). */
export const header = namedValues({
  name: words("header"),
  nameSchema: TokenSchema,
  mustBe: expected("be an object of header names and conditions", 'write {"x-beta": "1"}'),
  foldName: (name) => name.toLowerCase(),
  holds: (condition, facts, name) => condition.one(facts.header(name)),
  cacheKey: (names) => ({ vary: names, unshareable: false }),
});
