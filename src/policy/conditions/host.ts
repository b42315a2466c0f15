import { lower, singleValue } from "./single-value.ts";

/** The host, without case and port. */
export const host = singleValue({ name: "the host", fold: lower, read: (facts) => facts.host });
