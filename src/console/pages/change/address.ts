import type { ActionName } from "../../../policy/actions/names.ts";
import { routeAddress } from "../../data/addresses.ts";

/** Where a part of a route's policy is changed, and by which action, where one is meant already. */
export function changeAddress(key: string, pointer: string, action?: ActionName): string {
  const query = new URLSearchParams();
  if (pointer !== "") query.set("node", pointer);
  if (action !== undefined) query.set("do", action);
  return `${routeAddress(key, "change")}${query.size === 0 ? "" : `?${query}`}`;
}
