import type { Access, Client } from "../api/client/ask.ts";
import { connect as connectTo } from "../api/client/connect.ts";
import { Refused, type Fixes } from "../api/client/refused.ts";
import type { Problem } from "../api/problems.ts";
import { DEFAULT_URL, isLoopback } from "./access/gateway-url.ts";

/** What to do where the hub does not answer; traffic goes on without it. */
export const HUB_FIX =
  "visitors are served as ever; try again in a moment, and if it stays so, see the control plane's log";

/** What to do about a refusal that does not say it itself. */
const FIXES: Fixes = {
  unauthorized: "check the token: sy login, or SY_TOKEN beside SY_URL",
  forbidden: "ask for a token whose role and scope allow it",
  // No command asks for what no API has: where it is off, it looks like nothing.
  "not-found":
    "check the URL, and that the control plane there has a token set (ADMIN_TOKENS): without one its API is off",
  "route-not-found": "see sy list for the routes there are",
  "version-not-found": "see sy history for the versions there are",
  "precondition-failed": "somebody was quicker: look at it again with sy get",
  drift: "see sy get, then sy adopt or sy republish; in an emergency add --override",
  "guard-acted":
    "see sy history for what the guard had found; then an action, for example sy promote, or add --override",
  "gateway-too-old":
    "see sy version for the gateways there are; deploy the gateway (npm run deploy), or wait, or add --override",
  reshuffle: "keep the salt and the names, or add --allow-reshuffle",
  "links-off": "set the secret OVERRIDE_SECRET",
  "sessions-off": "npm run deploy makes the secret SESSION_KEY, and builds the console",
  "hub-unavailable": HUB_FIX,
  "too-many-requests": "wait a minute",
  "ledger-unavailable": "try again in a moment",
};

/** Who won a race that this caller lost, where the API says so. */
function withWinner({ author, action, at, current }: Problem): Fixes {
  if (author === undefined) return FIXES;
  const how = `${action ?? "an edit"}, version ${current ?? "?"}, at ${at ?? "an unknown time"}`;
  return {
    ...FIXES,
    "precondition-failed": `${author} was quicker (${how}): look at it again with sy get`,
  };
}

/** Where nothing answers: how to start a control plane just there, the port after the gateway's, if that can be this machine. */
function startHint(url: string): string {
  const { port } = new URL(url);
  const isOther = isLoopback(url) && url !== DEFAULT_URL && port !== "";
  const start = isOther ? `npm start -- --port ${Number(port) - 1}` : "npm start";
  return `start one with ${start}, or name another with --url or SY_URL`;
}

/** A client of the API whose refusals name the commands of `sy`, and who was quicker. */
export function connect(access: Access): Client {
  const client = connectTo(access, { fixes: FIXES, unreachable: startHint(access.url) });
  return async (ask) => {
    try {
      return await client(ask);
    } catch (error) {
      if (!(error instanceof Refused) || error.code !== "precondition-failed") throw error;
      throw new Refused(error.status, error.problem, withWinner(error.problem));
    }
  };
}
