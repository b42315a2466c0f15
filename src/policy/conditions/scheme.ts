import { words } from "../../lib/strict-object.ts";
import { lower, singleValue } from "./single-value.ts";

/** `http` or `https`, as the client asked for the page. A part of the URL, which caches know. */
export const scheme = singleValue({
  name: words("the scheme"),
  fold: lower,
  read: (facts) => facts.scheme,
});
