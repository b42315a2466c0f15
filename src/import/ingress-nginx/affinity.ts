import type { Draft } from "../draft.ts";
import { AFFINITY_ANNOTATIONS, type AnnotationName, type Annotations } from "./annotations.ts";

/** Fields of the visitor's cookie, by the annotation that says each. */
const COOKIE = {
  name: "session-cookie-name",
  ttlSeconds: "session-cookie-max-age",
  domain: "session-cookie-domain",
  sameSite: "session-cookie-samesite",
} as const satisfies Record<string, AnnotationName>;

/** Reads what an Ingress says of affinity, so that what is wrong with it is told whatever it is used for. */
export function checkAffinity(annotations: Annotations): void {
  const place = annotations.place("affinity");
  if (place === undefined) {
    const idle = AFFINITY_ANNOTATIONS.filter((name) => name !== "affinity-canary-behavior");
    annotations.idle(idle, 'there is no "affinity"');
  } else if (annotations.text("affinity") !== "cookie") place.error('must be "cookie"');
  const behaviour = annotations.text("affinity-canary-behavior");
  if (behaviour !== undefined && behaviour !== "sticky" && behaviour !== "legacy")
    annotations.place("affinity-canary-behavior")?.error('must be "sticky" or "legacy"');
}

function cookieOf(draft: Draft, annotations: Annotations): Record<string, unknown> {
  const cookie: Record<string, unknown> = {};
  for (const [field, name] of Object.entries(COOKIE)) {
    const place = annotations.place(name);
    if (place === undefined) continue;
    draft.note(["sticky", "cookie", field], place);
    const text = annotations.text(name);
    if (name === COOKIE.ttlSeconds) cookie[field] = annotations.whole(name);
    else cookie[field] = name === COOKIE.sameSite ? text?.toLowerCase() : text;
  }
  return cookie;
}

/** Writes who keeps to their side: drawn for each request, unless the main Ingress or the canary asks for affinity. */
export function writeAffinity(draft: Draft, main: Annotations, canary: Annotations): void {
  const of = main.place("affinity") === undefined ? canary : main;
  const place = of.place("affinity");
  const isLegacy = [main, canary].some((one) => one.text("affinity-canary-behavior") === "legacy");
  if (place === undefined || isLegacy) {
    place?.warning('is lost: with "affinity-canary-behavior: legacy" each request is drawn anew');
    draft.set("sticky", false);
    return;
  }
  const cookie = cookieOf(draft, of);
  const isPlain = Object.keys(cookie).length === 0;
  draft.set("sticky", { by: ["cookie"], mode: "pin", ...(isPlain ? {} : { cookie }) }, place);
}
