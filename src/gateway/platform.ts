import { BASE64URL } from "../lib/base64url.ts";
import { logLine } from "../lib/log-line.ts";

/** Of these the last one holds two bits, as where 16 bytes are written in base64url. */
const ID_CHARS = 22;

/** Runs work on behind the response. */
export type Later = (work: Promise<unknown>) => void;

/** Every side effect the gateway has beside KV, by name, so that tests replace one without touching a global. */
export interface Platform {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Uniform in [0, 1): jitter only. */
  readonly random: () => number;
  /** 128 random bits as 22 characters of base64url: ids and draws. */
  readonly randomId: () => string;
  /** Resolves after so long (ms); never where the signal says before that nobody waits any more. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** Through the binding `via` where it names one; rejects where that is not there. */
  readonly fetch: (url: string, init: RequestInit, via?: string) => Promise<Response>;
  /** The secret of that name which policies may use; nothing where there is none. */
  readonly secret: (name: string) => string | undefined;
  /** Two ends of a stream of bytes, of so many where `length` says how many. */
  readonly pipe: (length: number | undefined) => TransformStream<Uint8Array, Uint8Array>;
  readonly log: (
    level: "warn" | "error",
    message: string,
    details: Record<string, unknown>,
  ) => void;
}

function makeId(): string {
  let id = "";
  for (const byte of crypto.getRandomValues(new Uint8Array(ID_CHARS)))
    id += BASE64URL[byte & (id.length === ID_CHARS - 1 ? 0b11_0000 : 0b11_1111)];
  return id;
}

/** The platform's own. */
export const workerPlatform: Platform = {
  now: () => Date.now(),
  random: () => Math.random(),
  randomId: makeId,
  sleep: async (ms, signal) =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      signal?.addEventListener("abort", () => clearTimeout(timer));
    }),
  fetch: (url, init) => fetch(url, init),
  secret: () => undefined,
  // Of a known length, so that the origin is told it and gets no chunks.
  pipe: (length) =>
    length === undefined ? new IdentityTransformStream() : new FixedLengthStream(length),
  log: (level, message, details) => console[level](logLine(message, details)),
};

/** What a binding of any kind is asked by that requests go through. */
const isWay = (binding: unknown): binding is Pick<Platform, "fetch"> =>
  typeof binding === "object" &&
  binding !== null &&
  "fetch" in binding &&
  typeof binding.fetch === "function";

/**
 * The platform with what policies may name: the bindings that origins may be reached through, and
 * secrets. The log is told of a binding that is listed and not there, and of a secret that is missed, once.
 */
export function platformWith(
  env: object,
  names: readonly string[],
  secrets: ReadonlyMap<string, string>,
): Platform {
  const missed = new Set<string>();
  const bindings = new Map<string, Pick<Platform, "fetch">>();
  for (const name of names) {
    const binding: unknown = Object.hasOwn(env, name) ? Reflect.get(env, name) : undefined;
    if (isWay(binding)) bindings.set(name, binding);
    else
      workerPlatform.log("error", "a binding of ORIGIN_BINDINGS is not there; its origins fail", {
        binding: name,
      });
  }
  return {
    ...workerPlatform,
    fetch: async (url, init, via) => {
      if (via === undefined) return fetch(url, init);
      const binding = bindings.get(via);
      if (binding === undefined) throw new TypeError("no such binding");
      return binding.fetch(url, init);
    },
    secret: (name) => {
      const value = secrets.get(name);
      if (value !== undefined || missed.has(name)) return value;
      missed.add(name);
      workerPlatform.log("error", "a policy's secret is not there; its header is left out", {
        secret: name,
      });
      return undefined;
    },
  };
}
