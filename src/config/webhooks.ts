import * as v from "valibot";

import { NOTICE_EVENTS, type NoticeEvent } from "../lib/notice-events.ts";
import { isAddress, isPrivateName } from "../policy/address.ts";
import type { ControlEnv } from "./control.ts";

/** The bodies that receivers understand. */
export const FORMATS = ["json", "slack", "teams"] as const;

export type Format = (typeof FORMATS)[number];

/** Who is told what happened to routes. */
export interface Receiver {
  readonly name: string;
  readonly url: string;
  /** What bodies are signed with (Standard Webhooks); absent for a receiver whose URL is the secret. */
  readonly secret: string | undefined;
  readonly format: Format;
  /** The events that they want to hear of; absent for all. */
  readonly events: readonly NoticeEvent[] | undefined;
  /** Patterns of routes that they hear of though no guard names them. */
  readonly routes: readonly string[];
}

/** Receivers by name, as guards name them. */
export type Receivers = ReadonlyMap<string, Receiver>;

/** Receivers of one installation: each notice goes to all that want it. */
export const MAX_INSTALLED_RECEIVERS = 32;

const NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;

const LONGEST_URL_CHARS = 2048;

/** A secret as Standard Webhooks writes it: 24 to 64 bytes in base64, with or without `whsec_`. */
const SECRET =
  /^(?:whsec_)?(?=.{32,88}$)(?:[A-Za-z\d+/]{4})+(?:[A-Za-z\d+/]{2}==|[A-Za-z\d+/]{3}=)?$/;

/** Whether a URL may be called: like an origin's, but with a query, which receivers' URLs have. */
function isReachable(text: string, allowPrivate: boolean): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, hostname, hash } = new URL(text);
  if (username !== "" || password !== "" || hash !== "") return false;
  if (allowPrivate) return protocol === "https:" || protocol === "http:";
  return protocol === "https:" && !isPrivateName(hostname) && !isAddress(hostname);
}

const receiverSchema = (allowPrivate: boolean) =>
  v.pipe(
    v.strictObject(
      {
        url: v.pipe(
          v.string("url must be a text"),
          v.maxLength(LONGEST_URL_CHARS, `url may have ${LONGEST_URL_CHARS} characters at most`),
          v.check(
            (url) => isReachable(url, allowPrivate),
            "url must be an https URL of a public name, without credentials and fragment",
          ),
        ),
        secret: v.optional(
          v.pipe(
            v.string("secret must be a text"),
            v.regex(SECRET, 'secret must be "whsec_" and 24 to 64 random bytes in base64'),
          ),
        ),
        format: v.optional(
          v.picklist(FORMATS, `format must be one of ${FORMATS.join(", ")}`),
          "json",
        ),
        events: v.optional(
          v.array(
            v.picklist(NOTICE_EVENTS, `events may hold ${NOTICE_EVENTS.join(", ")}`),
            "events must be a list",
          ),
        ),
        routes: v.optional(
          v.array(
            v.string("routes must be a list of patterns"),
            "routes must be a list of patterns",
          ),
          [],
        ),
      },
      ({ expected }) =>
        expected === "never"
          ? "there is no such field; known are url, secret, format, events, routes"
          : "must be an object with url and secret",
    ),
    v.check(
      ({ secret, format }) => secret !== undefined || format !== "json",
      'secret is missing: bodies of format "json" are signed',
    ),
  );

const namesOf = (fields: unknown): readonly [string, unknown][] | undefined =>
  typeof fields === "object" && fields !== null && !Array.isArray(fields)
    ? Object.entries(fields)
    : undefined;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * The receivers of the secret WEBHOOKS, and what is wrong with the others: one that is wrong stops
 * neither the ledgers nor the rest. No message holds a URL or a secret.
 */
export function readWebhooks({ WEBHOOKS = "", ALLOW_PRIVATE_ORIGINS }: ControlEnv): {
  readonly receivers: Receivers;
  readonly faults: readonly string[];
} {
  const receivers = new Map<string, Receiver>();
  const faults: string[] = [];
  if (WEBHOOKS === "") return { receivers, faults };
  const entries = namesOf(parsed(WEBHOOKS));
  if (entries === undefined)
    return { receivers, faults: ['WEBHOOKS must be JSON: {"ops": {"url": "…", "secret": "…"}}'] };
  if (entries.length > MAX_INSTALLED_RECEIVERS)
    faults.push(`WEBHOOKS may name ${MAX_INSTALLED_RECEIVERS} receivers at most`);
  const schema = receiverSchema(ALLOW_PRIVATE_ORIGINS === "true");
  for (const [index, [name, value]] of entries.slice(0, MAX_INSTALLED_RECEIVERS).entries()) {
    if (!NAME.test(name)) {
      faults.push(
        `WEBHOOKS: the name of receiver ${index + 1} must be 1 to 64 letters, digits, ".", "-" or "_"`,
      );
      continue;
    }
    const read = v.safeParse(schema, value);
    if (read.success) {
      const { secret, events, ...rest } = read.output;
      receivers.set(name, { name, secret, events, ...rest });
    } else
      for (const { message, path } of read.issues) {
        const field = path?.map(({ key }) => String(key)).join(".") ?? "";
        faults.push(`WEBHOOKS.${name}${field === "" ? "" : `.${field}`}: ${message}`);
      }
  }
  return { receivers, faults };
}
