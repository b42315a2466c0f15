import { words } from "../../lib/strict-object.ts";
import { singleValue, upper } from "./single-value.ts";

/** The method, without case. */
export const method = singleValue({
  name: words("the method"),
  fold: upper,
  read: (facts) => facts.method,
});
