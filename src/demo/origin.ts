import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

import { murmur3 } from "../lib/hash.ts";
import { type Sight, renderPage } from "./page.ts";
import { CHECKOUT } from "./traffic/journey.ts";

/** Longest wait `/slow?ms=` grants: well past the gateway's own time-out of 30 s. */
const MAX_SLOW_MS = 120_000;
/** Pause between two server-sent events: slow enough to watch, quick enough not to bore. */
const EVENT_INTERVAL_MS = 1_000;

/**
 * What a demo origin answers. The last segment of the path picks one of `/events`, `/redirect`, `/cookies`
 * and `/slow?ms=`, so that they work below any prefix; everything else tells what the origin saw, and
 * at the end of a checkout what was bought.
 */
export async function answer(
  name: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? "/", `http://${request.headers.host ?? "localhost"}`);
  const base = url.pathname.replace(/\/[^/]*$/, "");
  if (url.pathname.endsWith(CHECKOUT)) sendGoal(url.searchParams.get("order") ?? "", response);
  switch (url.pathname.slice(base.length)) {
    case "/events":
      return sendEvents(name, request, response);
    case "/redirect":
      // Absolute and naming this origin on purpose: what the browser sees was rewritten by the gateway.
      response.writeHead(302, { location: `${url.origin}${base}/landed` }).end();
      return;
    case "/cookies":
      response.setHeader("set-cookie", [
        `demo-origin=${name}; Path=/`,
        `demo-last-seen=${Date.now()}; Path=/; HttpOnly`,
      ]);
      return sendSight(name, request, response);
    case "/slow":
      await sleep(Math.min(Number(url.searchParams.get("ms")) || 0, MAX_SLOW_MS));
      return sendSight(name, request, response);
    default:
      return sendSight(name, request, response);
  }
}

/** What an order comes to, made up: 20.00 to 119.99, the same whenever it is asked for. */
const LEAST_CENTS = 2_000;
const RANGE_CENTS = 10_000;

/** Tells the gateway what the visitor has just bought, as a shop would that knows its orders. */
function sendGoal(order: string, response: ServerResponse): void {
  const value = (LEAST_CENTS + (murmur3(order, 0) % RANGE_CENTS)) / 100;
  const id = /^[\w-]{1,32}$/.test(order) ? `; id=order-${order}` : "";
  response.setHeader("x-switchyard-goal", `revenue; value=${value.toFixed(2)}${id}`);
}

async function sendSight(
  name: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const sight: Sight = {
    origin: name,
    method: request.method ?? "GET",
    path: request.url ?? "/",
    bodyBytes: await countBytes(request),
    headers: request.headers,
  };
  const forBrowser = request.headers.accept?.includes("text/html") === true;
  response.setHeader("cache-control", "no-store");
  response.setHeader(
    "content-type",
    `${forBrowser ? "text/html" : "application/json"}; charset=utf-8`,
  );
  response.end(forBrowser ? renderPage(sight) : `${JSON.stringify(sight, null, 2)}\n`);
}

async function countBytes(body: AsyncIterable<Buffer>): Promise<number> {
  let total = 0;
  for await (const chunk of body) total += chunk.byteLength;
  return total;
}

async function sendEvents(
  name: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
  if (request.method === "HEAD") return void response.end();
  for (let id = 1; !request.destroyed && !response.destroyed; id += 1) {
    response.write(`id: ${id}\ndata: ${JSON.stringify({ origin: name, event: id })}\n\n`);
    await sleep(EVENT_INTERVAL_MS);
  }
}
