import * as fc from "fast-check";
import { expect, it, vi } from "vitest";

import { sessionCookie } from "../../../../src/control/console/cookie.ts";
import { sha256Hex } from "../../../../src/control/sha256.ts";
import { webSegments } from "../../../property/arbitraries/web.ts";
import { ANN, KEY, ORIGIN, OWN_PAGE, visit } from "./visit.ts";

const segment = fc.oneof(
  fc.constantFrom("v1", "routes", "shop", "assets", "public", "sign-in", "session", "metrics"),
  fc.constantFrom("index.html", "sign-in.html", "explain", "me", "edit", "..", "%2e%2e", ""),
  fc.constantFrom("sign-in-codes", "tokens", "health", "status", "%2F", "index-x.js", "\\"),
  webSegments,
);
const path = fc.array(segment, { maxLength: 4 }).map((parts) => `/${parts.join("/")}`);

/** What looks like a session and is none. */
const cookie = fc.oneof(
  fc.constant(""),
  fc.string({ unit: "grapheme-ascii", maxLength: 40 }).map((text) => `__Host-switchyard=${text}`),
  fc
    .tuple(
      fc.integer({ min: 0, max: 99_999_999_999 }),
      fc.base64String({ minLength: 44, maxLength: 44 }),
    )
    .map(([expires, mac]) => `__Host-switchyard=${expires}.${mac.slice(0, 43)}`),
  fc.constantFrom("over", "foreign", "removed"),
);

/** Sessions that were ones: over, of another control plane, of a token that is no more. */
const REAL: Readonly<Record<string, string>> = {
  over: await sessionCookie(KEY, ANN.sha256, Date.now() - 28_801_000),
  foreign: await sessionCookie("9".repeat(64), ANN.sha256, Date.now()),
  removed: await sessionCookie(KEY, await sha256Hex("gone"), Date.now()),
};

/** All that anybody may have: the way to sign in, the API's documents, and whether all is well. */
const EVERYBODYS =
  /^\/(?:sign-in|session|assets\/public\/[\w.-]+|v1\/(?:health|openapi\.json|policy\.schema\.json))$/;

/** What somebody without a session is given that only others may have. */
async function given(method: string, asked: string, response: Response): Promise<string> {
  const { status, headers } = response;
  const body = await response.text();
  if (/Max-Age=[1-9]/.test(headers.get("set-cookie") ?? "")) return "a session";
  if (EVERYBODYS.test(new URL(ORIGIN + asked).pathname)) return "nothing";
  const to = headers.get("location") ?? "";
  if (status === 303)
    return body === "" && /^\/sign-in(?:\?next=%2F[^%/\\][^/\\]*)?$/.test(to)
      ? "nothing"
      : `a way to ${to}`;
  if (![401, 403, 404, 405].includes(status)) return `the status ${status}`;
  return method === "HEAD" || body.startsWith('{"type":"about:blank"') ? "nothing" : body;
}

it("gives nobody without a session anything but the way to sign in", async () => {
  vi.spyOn(console, "warn").mockImplementation(() => {});
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"),
      path,
      cookie,
      fc.boolean(),
      async (method, asked, held, asPage) => {
        const sent = REAL[held]?.split(";")[0] ?? held;
        const response = await visit(method, asked, {
          headers: { ...(asPage ? OWN_PAGE : {}), ...(sent === "" ? {} : { cookie: sent }) },
        });
        expect(await given(method, asked, response)).toBe("nothing");
      },
    ),
    {
      numRuns: 400,
      seed: 17,
      examples: [
        ["GET", "/", "removed", true],
        ["GET", "/explain", "", true],
      ],
    },
  );
});
