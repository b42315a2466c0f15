import { isBookkeeping, type Manifest } from "../objects.ts";
import type { Place } from "../place.ts";

const PREFIX = "nginx.ingress.kubernetes.io/";

/** Annotations that have a meaning in a policy, without their prefix. */
export const CANARY_ANNOTATIONS = [
  "canary",
  "canary-weight",
  "canary-weight-total",
  "canary-by-header",
  "canary-by-header-value",
  "canary-by-header-pattern",
  "canary-by-cookie",
] as const;

export const AFFINITY_ANNOTATIONS = [
  "affinity",
  "affinity-canary-behavior",
  "session-cookie-name",
  "session-cookie-max-age",
  "session-cookie-domain",
  "session-cookie-samesite",
] as const;

export const HTTPS_ANNOTATIONS = ["ssl-redirect", "force-ssl-redirect"] as const;

const KNOWN = [...CANARY_ANNOTATIONS, ...AFFINITY_ANNOTATIONS, ...HTTPS_ANNOTATIONS] as const;

export type AnnotationName = (typeof KNOWN)[number];

const isKnown = (name: string): name is AnnotationName => KNOWN.some((one) => one === name);

/** The annotations of controllers: one that is not known here may change where requests go. */
const ROUTING = /(?:^|\.)ingress\.kubernetes\.io\/|^(?:nginx\.org|haproxy\.org|konghq\.com)\//;

/** The annotations of one Ingress that policies have a word for. */
export class Annotations {
  readonly #known = new Map<AnnotationName, Place>();

  constructor({ metadata }: Manifest) {
    for (const [name, place] of metadata.get("annotations")?.children() ?? []) {
      const own = name.startsWith(PREFIX) ? name.slice(PREFIX.length) : undefined;
      if (place.text() === undefined) continue;
      if (own !== undefined && isKnown(own)) this.#known.set(own, place);
      else if (own?.startsWith("session-cookie-") === true)
        place.warning("is lost: the cookie of a policy has no such setting");
      else if (ROUTING.test(name))
        place.error(
          "cannot be said in a policy: do it at the origin, or take it out of the file if you can do without",
        );
      else if (!isBookkeeping(name)) place.warning("is left out: it is not about routes");
    }
  }

  /** Where an annotation stands. */
  place(name: AnnotationName): Place | undefined {
    return this.#known.get(name);
  }

  /** What it says. */
  text(name: AnnotationName): string | undefined {
    const value = this.#known.get(name)?.value;
    return typeof value === "string" ? value.trim() : undefined;
  }

  /** Whether it says true; anything but true and false is an error. */
  flag(name: AnnotationName): boolean | undefined {
    const text = this.text(name);
    if (text === undefined || text === "true" || text === "false")
      return text === undefined ? undefined : text === "true";
    return this.place(name)?.error('must be "true" or "false"');
  }

  /** A whole number that it says. */
  whole(name: AnnotationName): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    if (/^\d{1,9}$/.test(text)) return Number(text);
    return this.place(name)?.error("must be a whole number in quotes");
  }

  /** Warns of those that are there, and do nothing. */
  idle(names: readonly AnnotationName[], why: string): void {
    for (const name of names) this.place(name)?.warning(`does nothing here: ${why}`);
  }
}
