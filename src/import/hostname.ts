import { isRouteKey } from "../policy/keys.ts";
import type { Place } from "./place.ts";

/** The key of everything that no host has. */
export const ANY_HOST = "*";

const ADDRESS = /^\d+(?:\.\d+){3}$/;

/** A hostname, or a wildcard above at least one label, as a route's key. */
export function readHostname(place: Place): string | undefined {
  const host = place.text();
  if (host === undefined) return undefined;
  const isHost = host !== ANY_HOST && isRouteKey(host);
  if (isHost && host.includes(".") && !ADDRESS.test(host)) return host;
  return place.error(
    isHost
      ? `"${host}" cannot be a route's key: a host has a dot, and is not an address`
      : "must be a host in lower case such as shop.example.com or *.example.com",
  );
}

/** The hosts that both mean: the narrower where one lies in the other, nothing where they have none in common. */
export function intersection(one: string, other: string): string | undefined {
  if (one === other || other === ANY_HOST) return one;
  if (one === ANY_HOST) return other;
  if (liesIn(one, other)) return one;
  return liesIn(other, one) ? other : undefined;
}

const liesIn = (host: string, wildcard: string): boolean =>
  wildcard.startsWith("*.") && host.endsWith(wildcard.slice(1)) && host !== wildcard;
