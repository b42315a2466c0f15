import { describe, expect, test } from "vitest";
import { isReserved } from "../../../src/gateway/resolve/reserved.ts";
import { readRequest, factsOf } from "../../../src/gateway/resolve/incoming-request.ts";
import { isFingerprinted } from "../../../src/gateway/forward/asset.ts";
import { addVary, privateDirectives } from "../../../src/gateway/respond/cache.ts";
import { readCookie, withoutCookies } from "../../../src/gateway/respond/cookies.ts";
import { encodeName } from "../../../src/gateway/forward/decision-fields.ts";
import { dropHopByHop, isDropped } from "../../../src/gateway/forward/dropped-fields.ts";
import { isLoop } from "../../../src/gateway/forward/forwarded-fields.ts";
import { urlWithoutToken, takeToken } from "../../../src/override/query.ts";
import { problem } from "../../../src/gateway/respond/problem.ts";
import { hostCandidates, pathCandidate } from "../../../src/policy/keys.ts";
import type { Platform } from "../../../src/gateway/platform.ts";
import { toPublicLinks } from "../../../src/gateway/respond/link.ts";
import type { Mount } from "../../../src/gateway/respond/mount.ts";
import { toPublicCookie } from "../../../src/gateway/respond/origin-cookies.ts";
import { toPublicUrl } from "../../../src/gateway/respond/public-url.ts";
import { toPublicRefresh } from "../../../src/gateway/respond/refresh.ts";
import { limitWorkerScope } from "../../../src/gateway/respond/worker-scope.ts";
import { normalPath } from "../../../src/lib/path.ts";
import { measured } from "../../support/cpu.ts";

/** Characters of a run: a fifth of what the runtime lets into a head. Where time grows with the square, that is a second or more. */
const RUN = 20_000;
/** CPU time of one text, where the machine is not too slow for it. A linear one takes a few milliseconds. */
const MAX_MS = 400;

const STARTS = [
  "",
  "a",
  "5",
  "url",
  "sy=1; a",
  "1.1 ",
  "?sy=sy1.",
  "text/",
  '"',
  "/a.",
  "https://o.example/",
];
const CHARACTERS = ' \t,;="\\%/.-a1(&:\u00a0'.split("");
const TEXTS = STARTS.flatMap((start) =>
  CHARACTERS.flatMap((character) =>
    ["", "x"].map((end) => (run: number) => `${start}${character.repeat(run)}${end}`),
  ),
);

const MOUNT: Mount = {
  origin: { origin: "https://o.example", host: "o.example", base: "/base" },
  publicOrigin: "https://shop.example.com",
  tenantPrefix: "/storefrontA",
  prefix: "/storefrontA",
  toldPrefix: "/storefrontA",
  path: "/storefrontA",
};
const PLATFORM = { now: () => 0, randomId: () => "" } as Platform;

/** A field's value as a Headers object holds it: no line's end, one character per byte, no blanks at its ends. */
const asked = (name: string, value: string) =>
  new Request("http://h.example/", { headers: { [name]: value } });

/** Everything that reads text of a visitor or an origin. */
const READERS: Readonly<Record<string, (text: string) => unknown>> = {
  withoutCookies: (text) => withoutCookies(text, ["sy", "sy-override"]),
  readCookie: (text) => readCookie(text, "sy"),
  isLoop: (text) => isLoop(text, "switchyard"),
  dropHopByHop: (text) => dropHopByHop(new Headers({ connection: text })),
  isDropped: (text) => isDropped(text, false),
  encodeName,
  takeToken: (text) => takeToken(`?${text}`),
  urlWithoutToken,
  problem: (text) => problem("route-not-found", asked("accept", text)),
  privateDirectives,
  addVary: (text) => addVary(new Headers({ vary: text }), ["cookie"]),
  toPublicUrl: (text) => toPublicUrl(text, MOUNT),
  toPublicRefresh: (text) => toPublicRefresh(text, MOUNT),
  toPublicCookie: (text) => toPublicCookie(text, MOUNT),
  toPublicLinks: (text) => toPublicLinks(text, MOUNT),
  limitWorkerScope: (text) =>
    limitWorkerScope(new Headers({ "service-worker-allowed": text }), MOUNT, true),
  normalPath,
  isFingerprinted,
  pathCandidate,
  isReserved: (text) => isReserved(`http://h.example/%${text}`),
  hostCandidates,
  "a crawler's name": (text) => {
    const incoming = readRequest(asked("user-agent", text), { trustForwarded: false }, PLATFORM);
    return incoming && factsOf(incoming, "/", undefined, PLATFORM).bot();
  },
  "a trusted proxy's word": (text) =>
    ["x-forwarded-host", "x-forwarded-for", "x-forwarded-proto"].map((name) =>
      readRequest(asked(name, text), { trustForwarded: true }, PLATFORM),
    ),
};

// A pattern that tries every way to part a run takes a time that grows with its square: one request could stop an isolate (CWE-1333).
describe("no text takes more time than its length is worth", () => {
  test.each(Object.entries(READERS))("%s", (_, read) => {
    const slow = TEXTS.flatMap((textOf) => {
      const reading = (run: number) => {
        const text = textOf(run);
        return () => read(text);
      };
      const { leastMs, maxMs } = measured(RUN, reading, MAX_MS);
      return leastMs < maxMs ? [] : [{ text: textOf(10), leastMs }];
    });
    expect(slow).toEqual([]);
  });
});
