import { randomBytes } from "node:crypto";

import { createGateway, type Gateway } from "../../../src/gateway/gateway.ts";
import { readConfig } from "../../../src/config/gateway.ts";
import { MIRROR_HEADER } from "../../../src/gateway/forward/mirror.ts";
import { nodePlatform } from "../gateway/forward/upstream.ts";

/** A request as the probes of the manifests write it. */
export interface Asked {
  readonly host: string;
  readonly path: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly scheme?: "http" | "https";
}

/** What an origin got. */
interface Forwarded {
  readonly origin: string;
  readonly path: string;
  readonly headers: Headers;
  /** What `fetch` was told beside the URL. */
  readonly init: RequestInit;
  /** The binding that it went through. */
  readonly via: string | undefined;
}

/** What came of a request. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Nothing where the gateway itself answered. */
  readonly forwarded: Forwarded | undefined;
  /** All tries in order, that one the first. */
  readonly tries: readonly Forwarded[];
  readonly copies: readonly Forwarded[];
}

/** Loaded by a name that the compiler does not follow: the types in there are workerd's, and here are Node's. */
const HANDLE: string = "../../../src/gateway/handle.ts";

const { handle } = (await import(HANDLE)) as {
  handle: (
    request: Request,
    gateway: Gateway,
    later: (work: Promise<unknown>) => void,
  ) => Promise<Response>;
};

/** Bytes of an id, and how many ids are drawn at a time: a draw of its own for each takes a good part of what a request does. */
const ID_BYTES = 16;
const IDS = 256;

let drawn = Buffer.alloc(0);

/** An id as the gateway draws them. */
function randomId(): string {
  if (drawn.length === 0) drawn = randomBytes(ID_BYTES * IDS);
  const id = drawn.toString("base64url", 0, ID_BYTES);
  drawn = drawn.subarray(ID_BYTES);
  return id;
}

const configOf = (vars: Readonly<Record<string, string>>) =>
  readConfig({ ROUTING_CONFIG: {}, ...vars } as unknown as Parameters<typeof readConfig>[0]);

/**
 * The data plane over these policies, stage by stage as a request meets it. Only the network ends
 * here: origins of manifests do not exist, so each answers 200, or what `answerOf` says, and is noted.
 */
export function gatewayWith(
  policies: Readonly<Record<string, unknown>>,
  answerOf: (origin: string) => Response = () => new Response("here"),
  vars: Readonly<Record<string, string>> = {},
) {
  let met: Forwarded[] = [];
  const platform = nodePlatform({
    random: Math.random,
    randomId,
    fetch: async (url, init, via) => {
      const { origin, pathname, search } = new URL(url);
      met.push({ origin, path: pathname + search, headers: new Headers(init.headers), init, via });
      // As workerd's answers have it.
      return Object.assign(answerOf(origin), { webSocket: null });
    },
  });
  const texts = new Map(
    Object.entries(policies).map(([key, policy]) => [key, JSON.stringify(policy)]),
  );
  const read = async (keys: string[]) =>
    new Map(keys.map((key) => [key, { value: texts.get(key) ?? null, metadata: null }]));
  const gateway = createGateway(configOf(vars), { read }, undefined, platform);
  return async ({ host, path, method = "GET", headers = {}, scheme = "http" }: Asked) => {
    met = [];
    const later: Promise<unknown>[] = [];
    const request = new Request(`${scheme}://${host}${path}`, { method, headers });
    const response = await handle(request, gateway, (work) => later.push(work));
    await response.text();
    await Promise.all(later);
    const isCopy = (one: Forwarded) => one.headers.has(MIRROR_HEADER);
    const tries = met.filter((one) => !isCopy(one));
    const answer: Answer = {
      status: response.status,
      headers: response.headers,
      forwarded: tries[0],
      tries,
      copies: met.filter(isCopy),
    };
    return answer;
  };
}
