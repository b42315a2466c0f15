import type { Facts } from "../policy/facts.ts";

/** Whether a browser asks beforehand what another origin's page may ask for (Fetch §3.3.2). */
export const isPreflight = (facts: Facts): boolean =>
  facts.method === "OPTIONS" &&
  facts.header("origin") !== undefined &&
  facts.header("access-control-request-method") !== undefined;
