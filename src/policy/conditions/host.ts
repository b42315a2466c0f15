import { words } from "../../lib/strict-object.ts";
import { lower, singleValue } from "./single-value.ts";

/** The host, without case and port. */
export const host = singleValue({
  name: words("the host"),
  fold: lower,
  read: (facts) => facts.host,
});
