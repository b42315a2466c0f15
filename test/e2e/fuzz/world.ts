import type { IncomingMessage, ServerResponse } from "node:http";
import { startOrigin, type Origin } from "../../support/origin.ts";
import { startBare, type BareGateway } from "../hostile/bare.ts";
import { sendRaw, type RawAnswer } from "../hostile/raw.ts";
import { TENANTS, type Shot, type Volley } from "./requests.ts";

/** Identifies a request at the origin; no other part of a request is sure to arrive. */
const MARK = "x-fuzz-mark";

/** What came of one request. */
export interface Outcome {
  readonly bytes: string;
  readonly answer: RawAnswer;
  /** Every request that some origin got for it: the tenant whose origin it was, and the route it came by. */
  readonly reached: readonly {
    readonly tenant: string;
    readonly route: string;
    readonly method: string;
    /** Of the body; absent where the origin has not seen its end yet. */
    readonly bytes: number | undefined;
  }[];
  readonly shot: Shot;
  /** The key whose policy ought to serve it; absent where none does. */
  readonly route: string | undefined;
}

export interface World {
  readonly gateway: BareGateway;
  /** Stores the run's policies under keys of its own, then sends all its requests at once. */
  fire(volley: Volley): Promise<Outcome[]>;
  close(): Promise<void>;
}

/** Answers that a gateway has to mend, or to survive; none of them is a 500. */
const ANSWERS: readonly ((request: IncomingMessage, response: ServerResponse) => void)[] = [
  (_, response) => response.writeHead(200, { "cache-control": "public, max-age=60" }).end("fine"),
  (_, response) => response.writeHead(404).end(),
  (_, response) => response.writeHead(204).end(),
  (_, response) => response.writeHead(503).end("busy"),
  (request, response) =>
    response.writeHead(302, { location: request.url ?? "/", refresh: "0; url=/x" }).end(),
  (request, response) =>
    response
      .writeHead(301, { location: `http://${request.headers.host ?? ""}/base/../x?y#z` })
      .end(),
  (request, response) => {
    const domain = (request.headers.host ?? "").replace(/:.*/, "");
    response.setHeader("set-cookie", [
      `a=1; Path=/base; Domain=${domain}`,
      "__Host-b=2; Path=/",
      ";;",
    ]);
    response.end("cookies");
  },
  (_, response) => response.writeHead(200, { "content-encoding": "gzip" }).end("no gzip"),
  (_, response) => response.writeHead(200, { vary: "*", connection: "x-a", "x-a": "1" }).end(),
  (_, response) => void response.socket?.destroy(),
  (_, response) => void response.socket?.end("HTTP/1.1 999 No\r\nContent-Length: 0\r\n\r\n"),
  (_, response) => void response.socket?.end("no HTTP at all\r\n\r\n"),
];

/** The keys that may serve a request, by the contract, and apart from the gateway's own code. */
function keysOf(host: string, target: string): string[] {
  // On the wire a character is a byte; the runtime reads the bytes as UTF-8.
  const url = URL.parse(`http://${Buffer.from(host + target, "latin1").toString("utf8")}`);
  const name = url?.hostname.replace(/\.$/, "") ?? "";
  const labels = name.split(".");
  const [, segment = ""] = (url?.pathname ?? "/").split("/");
  const plain = segment.replaceAll(/%([0-9a-f]{2})/gi, (whole, hex: string) => {
    const letter = String.fromCharCode(Number.parseInt(hex, 16));
    return /[\w.~-]/.test(letter) ? letter : whole;
  });
  return [name, ...labels.map((_, i) => `*.${labels.slice(i + 1).join(".")}`), plain];
}

/** Gives every origin of a policy a host that names its tenant, and no binding to go through: there are none here. */
const owned = (text: string, tenant: string) =>
  text
    .replaceAll(/,"via":"\w+"|"via":"\w+",/g, "")
    .replaceAll(/https?:\/\/(?:\[[^\]"]*\]|[^/:"\\]+)/g, `https://${tenant}.origins.example`);

/** A gateway whose every origin is one recorder, which knows by the host whose origin was meant. */
export async function startWorld(): Promise<World> {
  let count = 0;
  let run = 0;
  const origin: Origin = await startOrigin("everywhere", (request, response) => {
    request.resume();
    count += 1;
    ANSWERS[count % ANSWERS.length]?.(request, response);
  });
  const gateway = await startBare({
    policies: {},
    vars: { ALLOW_PRIVATE_ORIGINS: "false", MEMORY_TTL_SECONDS: "3600" },
    outboundPort: origin.port,
  });

  async function shoot(
    shot: Shot,
    name: (text: string) => string,
    mark: string,
    known: ReadonlySet<string>,
  ) {
    const host = name(shot.host);
    const target = name(shot.target);
    const length = shot.body === undefined ? [] : [`Content-Length: ${shot.body.length}`];
    const lines = [
      `${shot.method} ${target} HTTP/1.1`,
      `Host: ${host}`,
      `${MARK}: ${mark}`,
      ...shot.fields,
      ...length,
    ];
    const bytes = [...lines, "Connection: close", "", shot.body ?? ""].join("\r\n");
    return {
      bytes,
      shot,
      route: keysOf(host, target).find((key) => known.has(key)),
      answer: await sendRaw(gateway.port, bytes),
    };
  }

  return {
    gateway,
    async fire({ texts, shots }) {
      run += 1;
      const prefix = `r${run}t`;
      const name = (text: string) =>
        text.replaceAll(/\{(\d)\}/g, (_, n: string) => `${prefix}${n}`);
      const known = new Set<string>();
      for (let n = 0; n < TENANTS; n++) {
        const id = `${prefix}${n}`;
        // The policy of tenant n, by three keys: its host, the hosts below it, its path.
        for (const key of [`${id}.example.com`, `*.${id}.example.com`, `tenant${id}`]) {
          known.add(key);
          gateway.put(key, owned(texts[n] ?? "", id));
        }
      }
      origin.forget();
      const sent = await Promise.all(
        shots.map((shot, i) => shoot(shot, name, `${run}-${i}`, known)),
      );
      return sent.map((one, i) => ({
        ...one,
        reached: origin.requests
          .filter(({ headers }) => headers[MARK]?.[0] === `${run}-${i}`)
          .map(({ headers, method, bytes, complete }) => ({
            tenant: (headers["host"]?.[0] ?? "").split(".", 1)[0] ?? "",
            route: headers["x-switchyard-route"]?.[0] ?? "",
            method,
            bytes: complete ? bytes : undefined,
          })),
      }));
    },
    async close() {
      await Promise.all([gateway.close(), origin.close()]);
    },
  };
}
