import { connect, type Socket } from "node:net";
import { performance } from "node:perf_hooks";
import { frames } from "./frames.ts";

/** What a window of open-loop load saw (ms). */
export interface Window {
  /** From when each request was due until its answer was there. */
  readonly latencies: readonly number[];
  /** From when each was due until it was sent, where a connection was free: the client's own share. */
  readonly late: readonly number[];
  /** Those that had no answer when the wait for them ended; they stand in `latencies` with the time until then. */
  readonly unanswered: number;
}

/** Connections at most; what is due when all are busy waits at the client, and its time runs. */
const MAX_CONNECTIONS = 256;

/** Connections that are open before the first request is due. */
const CONNECTIONS = 8;

/** How long answers are waited for after the last request was due (ms). */
const DRAIN_MS = 5000;

/** A timer wakes up to so much too late (ms): the rest of a wait is spent looking at the clock. */
const TIMER_MS = 2;

interface Lane {
  readonly socket: Socket;
  /** When the request under way was due (ms). */
  due: number;
}

/** When requests are due (ms from the start): a Poisson process of that rate, drawn beforehand. */
export function arrivals(perSecond: number, seconds: number, random: () => number): number[] {
  const due: number[] = [];
  for (let at = 0; ; due.push(at)) {
    at += (-Math.log(1 - random()) / perSecond) * 1000;
    if (at >= seconds * 1000) return due;
  }
}

/**
 * Sends requests when they are due, whether the answers to earlier ones are there or not, and takes every latency from
 * when the request was due: a Worker that stops for a while pays for all who would have come meanwhile. Rejects where an
 * answer is not a 200.
 */
export async function openLoop(
  port: number,
  requests: readonly Buffer[],
  due: readonly number[],
): Promise<Window> {
  const latencies: number[] = [];
  const late: number[] = [];
  const lanes = new Set<Lane>();
  const idle: Lane[] = [];
  const waiting: number[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let sent = 0;
  let begin = 0;
  const now = () => performance.now() - begin;

  const send = (lane: Lane, at: number) => {
    lane.due = at;
    const request = requests[sent % requests.length];
    sent += 1;
    if (request !== undefined) lane.socket.write(request);
  };
  const done = (lane: Lane) => {
    latencies.push(now() - lane.due);
    const next = waiting.shift();
    if (next === undefined) idle.push(lane);
    else send(lane, next);
    if (latencies.length === due.length) resolve();
  };
  const open = (ready: (lane: Lane) => void) => {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    const lane: Lane = { socket, due: 0 };
    lanes.add(lane);
    socket.once("connect", () => ready(lane));
    socket.on("error", reject);
    socket.on("close", () => reject(new Error("the Worker closed a connection in use")));
    const cut = frames((head, body) => {
      if (head.startsWith("HTTP/1.1 200")) done(lane);
      else reject(new Error(`not answered with 200: ${head}\n${body}`));
    });
    socket.on("data", cut);
  };
  const fire = (at: number) => {
    const lane = idle.pop();
    if (lane !== undefined) {
      late.push(now() - at);
      send(lane, at);
    } else if (lanes.size < MAX_CONNECTIONS) open((opened) => send(opened, at));
    else waiting.push(at);
  };

  await Promise.race([
    promise,
    Promise.all(
      Array.from(
        { length: CONNECTIONS },
        () => new Promise<void>((opened) => open((lane) => opened(void idle.push(lane)))),
      ),
    ),
  ]);
  let timer: NodeJS.Timeout | undefined;
  let next = 0;
  const tick = () => {
    for (; (due[next] ?? Infinity) <= now(); next += 1) fire(due[next] ?? 0);
    const at = due[next];
    if (at === undefined) timer = setTimeout(resolve, DRAIN_MS);
    else {
      const wait = at - now() - TIMER_MS;
      if (wait > 0) setTimeout(tick, wait);
      else setImmediate(tick);
    }
  };
  try {
    begin = performance.now();
    tick();
    await promise;
    const underWay = [...lanes].filter((lane) => !idle.includes(lane)).map((lane) => lane.due);
    const left = latencies.length === due.length ? [] : [...underWay, ...waiting];
    for (const at of left) latencies.push(now() - at);
    return { latencies, late, unanswered: left.length };
  } finally {
    clearTimeout(timer);
    for (const { socket } of lanes) socket.removeAllListeners("close").destroy();
  }
}
