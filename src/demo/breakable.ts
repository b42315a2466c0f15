import type { IncomingMessage, ServerResponse } from "node:http";

type Answer = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** The paths that break an origin and mend it. */
export const SWITCH = { break: "/break", mend: "/mend" } as const;

/** Whether a request came straight to the origin: whoever asks through the gateway is a visitor, and turns nothing. */
const isDirect = ({ headers }: IncomingMessage): boolean =>
  headers["x-forwarded-host"] === undefined;

/**
 * An origin that answers every request with 500 from `POST /break` on, sent to itself, until
 * `POST /mend`; both say what they did. Else it answers as it always does.
 */
export function breakable(name: string, answer: Answer): Answer {
  let isBroken = false;
  return async (request, response) => {
    const turns = request.method === "POST" && isDirect(request);
    if (turns && request.url === SWITCH.break) isBroken = true;
    else if (turns && request.url === SWITCH.mend) isBroken = false;
    else if (!isBroken) return answer(request, response);
    else return void response.writeHead(500, TEXT).end(`${name} is broken\n`);
    response.writeHead(200, TEXT).end(`${name} ${isBroken ? "is broken" : "is well"} now\n`);
  };
}

const TEXT = { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" } as const;
