import type { OverrideFault } from "./reason.ts";

/** A QA link or its cookie, after the gateway has checked its signature. */
export type Override =
  | { readonly ok: true; readonly variant: string }
  | { readonly ok: false; readonly fault: OverrideFault };

/**
 * All that a decision may depend on. Look-ups are functions, so that a request pays only for what
 * its policy asks; each must give the same answer however often it is called.
 */
export interface Facts {
  readonly method: string;
  readonly scheme: "http" | "https";
  /** Lower case, no port. */
  readonly host: string;
  /** In normal form, the tenant's segment taken off. */
  readonly path: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Upper case ISO 3166-1 alpha-2, where the platform knows it. */
  readonly country: () => string | undefined;
  /** Two letters in upper case (`EU`, `NA`…), where the platform knows it. */
  readonly continent: () => string | undefined;
  /** The ISO 3166-2 code without its country, in upper case, where the platform knows it. */
  readonly region: () => string | undefined;
  /** The number of the visitor's autonomous system in digits, where the platform knows it. */
  readonly asn: () => string | undefined;
  /** Whether the visitor is in the European Union; false where the platform does not know. */
  readonly eu: () => boolean;
  readonly ip: () => string | undefined;
  readonly bot: () => boolean;
  /** The combined field value of RFC 9110 §5.3; the name in lower case. */
  readonly header: (name: string) => string | undefined;
  /** All values, in order. */
  readonly query: (name: string) => readonly string[];
  /** All values of cookies with this name, in order. */
  readonly cookie: (name: string) => readonly string[];
  /** 128 fresh random bits as 22 characters, the same at every call for one request. */
  readonly randomId: () => string;
  readonly override: Override | undefined;
}
