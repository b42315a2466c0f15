import { flag } from "./flag.ts";

/** A fingerprinted static asset that is missing from the visitor's variant is looked for on the others. */
export const assetRescue = flag;
