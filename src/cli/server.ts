import { connect as connectTo, type Access, type Client } from "../api/client/connect.ts";
import type { Fixes } from "../api/client/refused.ts";

import { isLoopback } from "./access/gateway-url.ts";

/** What to do about a refusal that does not say it itself. */
const FIXES: Fixes = {
  unauthorized: "check the token: sy login, or SY_TOKEN beside SY_URL",
  forbidden: "ask for a token whose role and scope allow it",
  "route-not-found": "see sy list for the routes there are",
  "version-not-found": "see sy history for the versions there are",
  "precondition-failed": "somebody was quicker: look at it again with sy get",
  drift: "see sy get, then sy adopt or sy republish",
  reshuffle: "keep the salt and the names, or add --allow-reshuffle",
  "links-off": "set the secret OVERRIDE_SECRET",
  "too-many-requests": "wait a minute",
  "ledger-unavailable": "try again in a moment",
};

/** A client of the API whose refusals name the commands of `sy`. */
export function connect(access: Access): Client {
  const { port } = new URL(access.url);
  const start =
    isLoopback(access.url) && port !== "8787" ? `npm start -- --port ${port}` : "npm start";
  const unreachable = `start one with ${start}, or name another with --url or SY_URL`;
  return connectTo(access, { fixes: FIXES, unreachable });
}
