import type { Platform } from "../platform.ts";

/** Tells once that visitors cannot be counted. */
export function noKeyLog({ log }: Pick<Platform, "log">): () => void {
  let isTold = false;
  return () => {
    if (isTold) return;
    isTold = true;
    log("warn", "no VISITOR_KEY: splits have figures of requests, and no visitor figures", {});
  };
}
