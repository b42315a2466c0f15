/** What an error of Cloudflare's edge means, and what can be done about it. */
export interface EdgeError {
  readonly what: string;
  readonly fix: string;
}

/** Statuses that Cloudflare's edge makes where it gets no answer of an origin. */
const STATUSES: Readonly<Record<number, EdgeError>> = {
  520: {
    what: "the origin closed the connection, or answered what is not HTTP",
    fix: "look at the origin's log for crashes, resets and headers that are too large",
  },
  521: {
    what: "the origin refused the connection",
    fix: "start the web server there, and let Cloudflare's addresses through its firewall",
  },
  522: {
    what: "the connection to the origin was not made in time",
    fix: "let Cloudflare's addresses through the origin's firewall, and see whether it is overloaded",
  },
  523: {
    what: "no network leads to the origin's address",
    fix: "check the address in the origin's DNS record",
  },
  524: {
    what: "the origin took the request and did not answer in time",
    fix: "make the answer quicker, or take long work out of the request",
  },
  525: {
    what: "the TLS handshake with the origin failed",
    fix: "give the origin a certificate for this name, and TLS 1.2 or newer",
  },
  526: {
    what: "the origin's certificate is not valid",
    fix: "renew it: it has expired, is for another name, or nobody known has signed it",
  },
  527: {
    what: "the edge could not reach the origin's Railgun listener",
    fix: "remove Railgun, which is no longer there",
  },
  530: {
    what: "the edge could not reach the origin at all; the code 1xxx in the answer says why",
    fix: "look at the answer's text",
  },
};

const BANNED: EdgeError = {
  what: "the zone's rules block this address",
  fix: "let the gateway through in the origin zone's security rules",
};

const BLOCKED_DNS: EdgeError = {
  what: "the origin's DNS record points to an address that is not allowed, such as one of Cloudflare's own",
  fix: "let the record point to the origin server itself",
};

const EXHAUSTED: EdgeError = {
  what: "a Worker used more CPU or memory than it may",
  fix: "see the Worker's log, and its limits (limits.cpu_ms)",
};

/** Codes that stand in the text of an answer of the edge, most of them with the status 530, 403 or 409. */
const CODES: Readonly<Record<number, EdgeError>> = {
  1000: BLOCKED_DNS,
  1001: {
    what: "the name cannot be resolved: no zone of Cloudflare's has it, or not yet",
    fix: "check the zone and the record; a new one takes a few minutes",
  },
  1002: BLOCKED_DNS,
  1003: {
    what: "an address was asked for where a name is wanted",
    fix: "name the origin by its host name, never by its address",
  },
  1004: {
    what: "the host is not set up for web traffic",
    fix: "make a proxied DNS record for it",
  },
  1006: BANNED,
  1007: BANNED,
  1008: BANNED,
  1009: { ...BANNED, what: "the zone's rules block this country" },
  1010: { ...BANNED, what: "the zone's browser integrity check blocks this request" },
  1011: { ...BANNED, what: "the zone's hotlink protection blocks this request" },
  1012: BANNED,
  1013: {
    what: "the host that was asked for is not the one of the TLS connection",
    fix: "ask the origin by the name of its certificate, or set host and resolve as it wants them",
  },
  1014: {
    what: "the name is a CNAME to a zone of another account",
    fix: "use the name that the other account gives out for this, or Cloudflare for SaaS",
  },
  1015: {
    what: "the origin's zone limits the rate of requests",
    fix: "let the gateway through in the zone's rate limiting rules",
  },
  1016: {
    what: "the origin's name cannot be resolved",
    fix: "check the origin's DNS record, and for a tunnel that it is there",
  },
  1018: {
    what: "the edge does not know the host yet, or no longer",
    fix: "wait a few minutes; then check that its zone is active",
  },
  1019: {
    what: "Workers call each other in a loop",
    fix: "name an origin that does not lead back to the gateway",
  },
  1020: { ...BANNED, what: "a rule of the zone's firewall blocks this request" },
  1023: {
    what: "the edge could not find the host",
    fix: "check the zone and the record, and wait a few minutes",
  },
  1033: {
    what: "the tunnel to the origin is not connected",
    fix: "start cloudflared beside the origin, and see its log",
  },
  1034: BLOCKED_DNS,
  1035: {
    what: "a rule of the zone rewrites the request to what is not a URL",
    fix: "mend the zone's transform rules",
  },
  1042: {
    what: "a Worker asked another one of the same zone by its workers.dev name",
    fix: "bind it as a service, or give it a name of its own",
  },
  1101: {
    what: "a Worker threw an exception",
    fix: "see the Worker's log: npx wrangler tail",
  },
  1102: EXHAUSTED,
  1104: EXHAUSTED,
};

/** What a status from 520 to 530 means; `undefined` for any other. */
export const edgeStatus = (status: number): EdgeError | undefined => STATUSES[status];

/** What a code from 1000 on means; `undefined` for one that is not known. */
export const edgeCode = (code: number): EdgeError | undefined => CODES[code];
