import { isRouteKey } from "../../policy/keys.ts";
import { usage } from "../failure.ts";

/** A key as people typed it. */
export function checkedKey(key: string): string {
  if (isRouteKey(key)) return key;
  throw usage(
    `"${key}" is not a route key`,
    'a key is a host ("shop.example.com"), "*.example.com", a tenant ("storefrontA") or "*"',
  );
}
