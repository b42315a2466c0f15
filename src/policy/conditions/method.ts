import { singleValue, upper } from "./single-value.ts";

/** The method, without case. */
export const method = singleValue({
  name: "the method",
  fold: upper,
  read: (facts) => facts.method,
});
