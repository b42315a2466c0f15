import { edgeCodeIn } from "../../lib/edge-code.ts";
import type { Failure } from "../../policy/compiled.ts";
import type { Platform } from "../platform.ts";
import { MAX_CLIENT_IDLE_MS, Upload } from "./upload.ts";

/** What one request to one origin came to. A failure with a response is one the origin itself sent. */
export interface Attempt {
  readonly response: Response | undefined;
  /** `network`, `timeout`, or a status of 500 and above. */
  readonly failure: Failure | undefined;
  /** Whether it says something of the origin: an answer from a cache does not, and a failure of the client does not. */
  readonly isEvidence: boolean;
  /** Whether the client went away in the middle of its upload: nobody's failure. */
  readonly brokenOff: boolean;
  /** What Cloudflare's edge said in the origin's place, for the log: a status, a code of four digits, or that it wants a challenge solved. */
  readonly cause?: string;
}

/** A request as it is sent to one origin. */
export interface OriginRequest {
  readonly url: string;
  readonly init: RequestInit;
  /** The binding that it goes through. */
  readonly via?: string | undefined;
  /** What the client sends, where it sends something. */
  readonly body?: {
    readonly stream: ReadableStream<Uint8Array>;
    readonly length: number | undefined;
  };
}

/**
 * Statuses with which Cloudflare's edge reports, in place of the origin, that it could not reach it
 * (developers.cloudflare.com, "Cloudflare 5xx errors"). They are not answers of the origin.
 */
const EDGE_FAILURES: Readonly<Record<number, Failure>> = {
  520: "network",
  521: "network",
  522: "timeout",
  523: "network",
  524: "timeout",
  525: "network",
  526: "network",
  530: "network",
};

/** Failures that an upload may have caused: refused by closing the connection, or slower than the edge waits. */
const MAY_BE_THE_UPLOADS = new Set([520, 524]);

/** With these in `cf-cache-status` the edge has answered without asking the origin. */
const FROM_CACHE = new Set(["HIT", "STALE", "UPDATING"]);

/**
 * A larger body, or one of unknown length, says nothing of an origin when it fails: servers refuse
 * such uploads by closing the connection (RFC 9110 §10.1.1), and the answer is lost with it.
 */
const MAX_TELLING_BODY_BYTES = 65_536;

/** Too short a wait for a client would be a busy loop (ms). */
const MIN_LOOK_MS = 100;

const FIRST_FAILING_STATUS = 500;

/** Whether a client can be given it: HTTP has no final status outside these, and the platform can build none. */
function isAnswer({ status, webSocket }: Response): boolean {
  return status === 101 ? webSocket !== null : status >= 200 && status <= 599;
}

/** A page that asks whether a person is there: made by the origin's zone in the origin's place, and of no use to our visitors. */
const isChallenge = ({ headers }: Response): boolean => headers.get("cf-mitigated") === "challenge";

function edgeFailure(response: Response): Failure | undefined {
  if (isChallenge(response) || !isAnswer(response)) return "network";
  return EDGE_FAILURES[response.status];
}

/** The code 1xxx is in the text of this one (docs/operations.md, "Edge errors"). */
const SEE_TEXT = 530;

/** Why the edge answers in the origin's place; lets go of its answer. */
async function causeOf(response: Response): Promise<string> {
  const { status } = response;
  const body: ReadableStream<Uint8Array> | null = response.body;
  const reader = status === SEE_TEXT ? body?.getReader() : undefined;
  if (reader === undefined) {
    await discard(response);
    return isChallenge(response) ? "challenge" : String(status);
  }
  try {
    // Its first piece says it: whoever only looks like the edge could go on for ever.
    const { value } = await reader.read();
    await reader.cancel();
    return String(edgeCodeIn(new TextDecoder().decode(value)) ?? status);
  } catch {
    return String(status);
  }
}

/** Aborts when an origin has been waited for `timeoutMs`, or a client for too long; the way to stop it. */
function watch(
  controller: AbortController,
  timeoutMs: number,
  upload: Upload | undefined,
  now: () => number,
): () => void {
  const start = now();
  const look = () => {
    const left = timeoutMs - (now() - start - (upload?.clientMs() ?? 0));
    const idleMs = upload?.idleMs() ?? 0;
    if (idleMs > MAX_CLIENT_IDLE_MS && upload !== undefined) upload.brokenOff = true;
    if (left <= 0 || idleMs > MAX_CLIENT_IDLE_MS) return controller.abort();
    timer = setTimeout(look, Math.max(left, idleMs > 0 ? MIN_LOOK_MS : 1));
  };
  let timer =
    upload === undefined
      ? setTimeout(() => controller.abort(), timeoutMs)
      : setTimeout(look, timeoutMs);
  return () => clearTimeout(timer);
}

/**
 * One try: until the response head or `timeoutMs`, whichever comes first. The time that the client
 * takes to upload does not count. The answer's body may then take as long as it likes.
 */
export async function attempt(
  platform: Platform,
  { url, init, via, body }: OriginRequest,
  timeoutMs: number,
): Promise<Attempt> {
  const controller = new AbortController();
  const upload = body && new Upload(body.stream, body.length, platform, () => controller.abort());
  const stop = watch(controller, timeoutMs, upload, platform.now);
  const isTelling = () =>
    upload?.brokenOff !== true &&
    (body === undefined || (body.length ?? Infinity) <= MAX_TELLING_BODY_BYTES);
  try {
    const sent = upload === undefined ? init : { ...init, body: upload.stream };
    const response = await platform.fetch(url, { ...sent, signal: controller.signal }, via);
    const edge = edgeFailure(response);
    if (edge === undefined) {
      const failure = response.status >= FIRST_FAILING_STATUS ? response.status : undefined;
      const isFresh = !FROM_CACHE.has(response.headers.get("cf-cache-status") ?? "");
      return { response, failure, isEvidence: isFresh, brokenOff: false };
    }
    const cause = await causeOf(response);
    const isEvidence = !MAY_BE_THE_UPLOADS.has(response.status) || isTelling();
    return {
      response: undefined,
      failure: edge,
      cause,
      isEvidence,
      brokenOff: upload?.brokenOff === true,
    };
  } catch {
    const brokenOff = upload?.brokenOff === true;
    const failure = controller.signal.aborted && !brokenOff ? "timeout" : "network";
    return { response: undefined, failure, isEvidence: isTelling(), brokenOff };
  } finally {
    stop();
  }
}

/** Lets go of a response that nobody will read, so that its connection is not held. */
export async function discard(response: Response | undefined): Promise<void> {
  try {
    await response?.body?.cancel();
  } catch {
    // The connection is gone already, which is what was wanted.
  }
}
