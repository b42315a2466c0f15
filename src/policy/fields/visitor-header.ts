import { flag } from "./flag.ts";

/** Whether the origin is told the visitor's digest, so that its own data can be joined with figures and exports. */
export const visitorHeader = flag;
