import type { Facts } from "../../src/policy/facts.ts";
import { HOST } from "./requests.ts";

const now = Date.now();

/** What a request of one visitor says: their cookie's values, read already, and nothing that rules could ask for. */
export function makeFacts(values: readonly string[], path = "/products/42"): Facts {
  return {
    method: "GET",
    host: HOST,
    path,
    now,
    country: () => "DE",
    scheme: "https",
    continent: () => undefined,
    region: () => undefined,
    asn: () => undefined,
    eu: () => false,
    ip: () => "203.0.113.7",
    bot: () => false,
    header: () => undefined,
    query: () => [],
    cookie: () => values,
    randomId: () => values[0]?.slice(2, 24) ?? "",
    override: undefined,
  };
}
