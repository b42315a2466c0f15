import { flag } from "./flag.ts";

/** Whether the key of a path-map that leads here is taken off before forwarding. */
export const stripPrefix = flag;
