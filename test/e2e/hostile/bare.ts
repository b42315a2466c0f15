import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { builtWorker, ENTRY, WORKERS } from "../../support/worker-build.ts";
import type { LogLine } from "../../support/worker.ts";

/** The runtime that wrangler carries; its own module knows where the binary of this platform lies. */
const { default: WORKERD } = createRequire(
  createRequire(import.meta.url).resolve("wrangler/package.json"),
)("workerd") as { default: string };

/** In the place of a service: the gateway. */
export const ITSELF = Symbol("the gateway itself");

export interface BareOptions {
  /** Key → value in KV: a string as it is, anything else as JSON. */
  readonly policies: Readonly<Record<string, unknown>>;
  readonly vars?: Readonly<Record<string, string>>;
  /** Every request to an origin, whatever its URL, goes to this port of 127.0.0.1, so that real host names can be used. */
  readonly outboundPort?: number;
  /** Service bindings by name: a Worker of its own from this module's text, or the gateway itself. */
  readonly services?: Readonly<Record<string, string | typeof ITSELF>>;
  readonly secrets?: Readonly<Record<string, string>>;
  /** With it: the field in which those requests carry their `request.cf`, as JSON. */
  readonly outboundCfHeader?: string;
  /** The field that tells by which scheme a visitor came, as a TLS terminator in front would. */
  readonly schemeHeader?: string;
  /** Has the log written line by line with levels, for `logs`. */
  readonly levels?: boolean;
}

export interface BareGateway {
  readonly url: string;
  readonly port: number;
  /** Keys that the Worker asked KV for, in order. */
  readonly keysRead: readonly string[];
  put(key: string, value: unknown): void;
  /** What workerd wrote: the Worker's log, uncaught errors, unhandled rejections. */
  log(): string;
  /** The same line by line, of a gateway with `levels`. */
  logs(): readonly LogLine[];
  /** Resident memory of the runtime (bytes). */
  memory(): number;
  close(): Promise<void>;
}

const quote = (text: string) => JSON.stringify(text);
const stored = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));

/** One option of HTTP in workerd's configuration; nothing where it is not asked for. */
const httpOption = (name: string, value: string | undefined) =>
  value === undefined ? "" : `${name} = ${quote(value)}`;

function configOf(
  modules: readonly string[],
  vars: Record<string, string>,
  kvPort: number,
  { outboundPort, outboundCfHeader, schemeHeader, services = {}, levels = false }: BareOptions,
) {
  const network =
    outboundPort === undefined
      ? 'network = (allow = ["public", "private"])'
      : `external = (address = "127.0.0.1:${outboundPort}", http = (${httpOption("cfBlobHeader", outboundCfHeader)}))`;
  const toml = readFileSync(WORKERS.gateway, "utf8");
  const date = /^compatibility_date = "([^"]+)"/m.exec(toml)?.[1] ?? "";
  const texts = Object.entries(vars).map(
    ([name, value]) => `(name = ${quote(name)}, text = ${quote(value)}),`,
  );
  const bound = Object.entries(services).map(
    ([name, script]) =>
      `(name = ${quote(name)}, service = ${quote(script === ITSELF ? "main" : name)}),`,
  );
  const workers = Object.entries(services).flatMap(([name, script]) =>
    script === ITSELF
      ? []
      : [
          `(name = ${quote(name)}, worker = (modules = [(name = "worker", esModule = ${quote(script)})], compatibilityDate = ${quote(date)})),`,
        ],
  );
  const embedded = modules.map(
    (name) => `(name = ${quote(name)}, esModule = embed ${quote(name)}),`,
  );
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = (
      modules = [${embedded.join(" ")}],
      compatibilityDate = ${quote(date)},
      compatibilityFlags = ["global_fetch_strictly_public"],
      bindings = [${[...texts, ...bound].join(" ")} (name = "ROUTING_CONFIG", kvNamespace = "kv")],
      globalOutbound = "network",
    )),
    ${workers.join(" ")}
    (name = "network", ${network}),
    (name = "kv", external = (address = "127.0.0.1:${kvPort}", http = ())),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (${httpOption("forwardedProtoHeader", schemeHeader)}), service = "main")],
  logging = (structuredLogging = ${levels}),
);
`;
}

/** Workers KV as workerd speaks it to its service: `POST /bulk/get` for several keys at once. */
async function startKv(values: Map<string, string>, keysRead: string[]) {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { keys, withMetadata } = JSON.parse(Buffer.concat(chunks).toString("utf8")) as {
        keys: string[];
        withMetadata?: boolean;
      };
      keysRead.push(...keys);
      const found = (key: string) => {
        const value = values.get(key);
        if (value === undefined) return null;
        return withMetadata === true ? { value, metadata: null } : value;
      };
      response.end(JSON.stringify(Object.fromEntries(keys.map((key) => [key, found(key)]))));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("KV has no port");
  return { server, port: address.port };
}

/** The port that workerd reports on its control descriptor, a line of JSON per event. */
async function portOf(control: Readable, log: () => string): Promise<number> {
  let text = "";
  for await (const chunk of control) {
    text += String(chunk);
    const port = /"event":"listen"[^\n]*"port":(\d+)/.exec(text)?.[1];
    if (port !== undefined) return Number(port);
  }
  throw new Error(`workerd did not start: ${log()}`);
}

/** What workerd has written whole, where it writes an object a line. */
const linesOf = (written: string): LogLine[] =>
  written
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as LogLine);

/**
 * Starts the built Worker in a workerd of its own with nothing before it: no entry Worker that parses, mends or refuses
 * a request first, as wrangler's has. So there is no `CF-Connecting-IP` but a client's own, and no `request.cf`.
 */
export async function startBare(options: BareOptions): Promise<BareGateway> {
  const { policies, vars = {}, secrets = {} } = options;
  const built = await builtWorker();
  const directory = await mkdtemp(join(tmpdir(), "switchyard-bare-"));
  const names = readdirSync(built).filter((name) => name.endsWith(".js"));
  for (const name of names) await writeFile(join(directory, name), readFileSync(join(built, name)));
  const values = new Map(Object.entries(policies).map(([key, value]) => [key, stored(value)]));
  const keysRead: string[] = [];
  const kv = await startKv(values, keysRead);
  const modules = [ENTRY, ...names.filter((name) => name !== ENTRY)];
  const allVars = { ALLOW_PRIVATE_ORIGINS: "true", ...vars, ...secrets };
  const config = configOf(modules, allVars, kv.port, options);
  await writeFile(join(directory, "config.capnp"), config);
  const child = spawn(WORKERD, ["serve", "--control-fd=3", join(directory, "config.capnp")], {
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  let written = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk: Buffer) => (written += chunk.toString("utf8")));
  }
  const log = () => written;
  async function close(): Promise<void> {
    const gone = child.exitCode === null ? once(child, "exit") : undefined;
    child.kill();
    await gone;
    kv.server.closeAllConnections();
    kv.server.close();
    await rm(directory, { recursive: true, force: true });
  }
  try {
    const port = await portOf(child.stdio[3] as Readable, log);
    return {
      url: `http://127.0.0.1:${port}`,
      port,
      keysRead,
      put: (key, value) => void values.set(key, stored(value)),
      log,
      logs: () => linesOf(written),
      memory: () => {
        const status = readFileSync(`/proc/${child.pid ?? 0}/status`, "utf8");
        return Number(/VmRSS:\s*(\d+) kB/.exec(status)?.[1]) * 1024;
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
