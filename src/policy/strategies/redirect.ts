import * as v from "valibot";

import { normalPrefix, writtenPath } from "../../lib/path.ts";
import { expected, message, words } from "../../lib/strict-object.ts";
import type { Common } from "../common.ts";
import { PathTextSchema, PrefixTextSchema } from "../path-text.ts";
import { whole, word } from "../values.ts";
import type { EndStrategy } from "./definition.ts";

/** The visitor is sent elsewhere; what is left out of the target stays as their request had it. */
export interface Redirect extends Common {
  strategy: "redirect";
  status?: (typeof STATUSES)[number];
  scheme?: "http" | "https";
  host?: string;
  port?: number;
  path?: string;
  prefix?: string;
}

const STATUSES = [301, 302, 303, 307, 308] as const;

/** Found: the client asks there this time, and here again the next. */
const DEFAULT_STATUS = 302;

const MAX_PORT = 65_535;

/** Characters of a host: DNS names have no more (RFC 1035 §2.3.4). */
const MAX_HOST_CHARS = 253;

const PARTS = ["scheme", "host", "port", "path", "prefix"];

/** A host as URLs write it: in lower case, other alphabets encoded; nothing for what is none. */
function hostOf(text: string): string | undefined {
  if (text.length > MAX_HOST_CHARS) return undefined;
  if (!/^(?:\[[\da-f:.]+\]|[^\s/?#@:\\]+)$/i.test(text)) return undefined;
  const host = URL.parse(`http://${text}`)?.hostname;
  return host !== undefined && /^(?:\[[\da-f:.]+\]|[\w.-]+)$/.test(host) ? host : undefined;
}

const mustBeHost = expected("be a host, without scheme and port", 'write "www.example.com"');

/** Sends the visitor to another URL, of which the policy says the parts that differ. */
export const redirect: EndStrategy<Redirect> = {
  kind: "end",
  title: words("redirect"),
  entries: () => ({
    status: v.exactOptional(
      v.picklist(
        STATUSES,
        expected(() => `be one of ${STATUSES.join(", ")}`, "write 302"),
      ),
    ),
    scheme: v.exactOptional(word(["https", "http"])),
    host: v.exactOptional(
      v.pipe(
        v.string(mustBeHost),
        v.check((text) => hostOf(text) !== undefined, mustBeHost),
      ),
    ),
    port: v.exactOptional(whole(1, MAX_PORT, 8443)),
    path: v.exactOptional(PathTextSchema),
    prefix: v.exactOptional(PrefixTextSchema),
  }),
  check(written, report) {
    if ("path" in written && "prefix" in written)
      report(
        ["prefix"],
        message('"prefix" stands beside "path", which replaces all of it', "remove one"),
      );
    if (!PARTS.some((part) => part in written))
      report(
        [],
        message(
          "the redirect has no target, and so would lead straight back to itself",
          () => `add one of: ${PARTS.join(", ")}`,
        ),
      );
  },
  origins: () => [],
  children: () => [],
  ending: ({ status = DEFAULT_STATUS, scheme, host, port, path, prefix }) => ({
    do: "redirect",
    status,
    to: {
      scheme,
      host: host && hostOf(host),
      port: port?.toString(),
      path: path && writtenPath(path),
      prefix: prefix && normalPrefix(prefix),
    },
  }),
};
