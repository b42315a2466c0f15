import { itemsOf, type Children, type Place } from "../place.ts";

/** CORS as a policy writes it, and where each part comes from. */
export interface Cors {
  readonly place: Place;
  readonly policy: Readonly<Record<string, unknown>>;
  readonly trail: ReadonlyMap<string, Place>;
}

/** What the API calls a list, and what policies call it. */
const LISTS = {
  allowOrigins: "origins",
  allowMethods: "methods",
  allowHeaders: "headers",
  exposeHeaders: "expose",
} as const;

/** Of names of headers, which have no case. */
const FOLDED = new Set(["headers", "expose"]);

/** Any origin. */
const ANY = "*";

/** Seconds that the API takes for `maxAge`, at most. */
const MAX_AGE = 2_147_483_647;

function readLists(fields: Children, trail: Map<string, Place>): Record<string, string[]> {
  const lists: Record<string, string[]> = {};
  for (const [name, called] of Object.entries(LISTS)) {
    const place = fields.get(name);
    if (place === undefined) continue;
    trail.set(`$.${called}`, place);
    lists[called] = itemsOf(place).flatMap((item, index) => {
      const text = item.text();
      if (text === undefined) return [];
      trail.set(`$.${called}[${index}]`, item);
      return [FOLDED.has(called) ? text.toLowerCase() : text];
    });
  }
  return lists;
}

/** A `cors` filter. */
export function readCors(place: Place): Cors | undefined {
  const fields = place.fields([...Object.keys(LISTS), "allowCredentials", "maxAge"]);
  if (fields === undefined) return undefined;
  const trail = new Map([["$", place]]);
  const lists = readLists(fields, trail);
  const credentialsAt = fields.get("allowCredentials");
  const credentials = credentialsAt?.flag();
  if (credentialsAt !== undefined) trail.set("$.credentials", credentialsAt);
  const isOpen = credentials === true && lists["origins"]?.includes(ANY) === true;
  if (isOpen)
    credentialsAt?.error('does not go with the origin "*": name the origins that are allowed');
  const maxAgeAt = fields.get("maxAge");
  const maxAgeSeconds = maxAgeAt?.whole(0, MAX_AGE);
  if (maxAgeAt !== undefined) trail.set("$.maxAgeSeconds", maxAgeAt);
  if (!fields.has("allowOrigins"))
    return place.at("allowOrigins").error("is missing: nobody is allowed");
  const policy = {
    ...lists,
    ...(credentials === true && !isOpen ? { credentials } : {}),
    ...(maxAgeSeconds === undefined ? {} : { maxAgeSeconds }),
  };
  return { place, policy, trail };
}
