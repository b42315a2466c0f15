import type { WrittenFields } from "./fields/index.ts";

/** The common fields as they are written; only policies with variants have `force`. */
export interface Common extends WrittenFields {}
