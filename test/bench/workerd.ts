import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { cpuOf, memoryOf } from "./proc.ts";

export interface WorkerOptions {
  /** An ES module. */
  readonly code: string;
  readonly vars: Readonly<Record<string, string>>;
  /** A namespace of the KV service outside, or one inside this workerd, which then pays for its reads whole. */
  readonly kv:
    | { readonly port: number; readonly namespace: string }
    | { readonly code: string; readonly values: ReadonlyMap<string, string> };
  /** What the Worker calls its namespace; ROUTING_CONFIG where nothing is said. */
  readonly kvBinding?: string | undefined;
  /** An ES module with an entry point `HubReports`, which the Worker is bound to. */
  readonly hub?: string;
  /** Opens an inspector, for CPU profiles and heap sizes. It costs time: never while requests are counted. */
  readonly inspect?: boolean;
}

export interface RunningWorker {
  readonly port: number;
  readonly pid: number;
  /** Port of the inspector; 0 for none. */
  readonly inspectorPort: number;
  /** CPU time of the process so far (µs), in user space and kernel, of all its threads. */
  cpu(): number;
  /** Resident memory (bytes). */
  memory(): number;
  close(): Promise<void>;
}

/** The runtime that wrangler carries; its own module knows where the binary of this platform lies. */
const { default: BINARY } = createRequire(
  createRequire(import.meta.url).resolve("wrangler/package.json"),
)("workerd") as { default: string };

const quote = (text: string) => JSON.stringify(text);

function kvService(kv: WorkerOptions["kv"], compatibilityDate: string): string {
  if ("code" in kv) {
    return `worker = (
      modules = [(name = "kv.js", esModule = embed "kv.js")],
      compatibilityDate = ${quote(compatibilityDate)},
      bindings = [(name = "VALUES", json = ${quote(JSON.stringify(Object.fromEntries(kv.values)))})],
    )`;
  }
  return `external = (address = "127.0.0.1:${kv.port}", http = (
      injectRequestHeaders = [(name = "x-bench-namespace", value = ${quote(kv.namespace)})],
    ))`;
}

const HUB_BINDING = '(name = "HUB", service = (name = "hub", entrypoint = "HubReports")),';

const hubService = (compatibilityDate: string) => `(name = "hub", worker = (
      modules = [(name = "hub.js", esModule = embed "hub.js")],
      compatibilityDate = ${quote(compatibilityDate)},
    )),`;

function configOf({ vars, kv, kvBinding, hub }: WorkerOptions, compatibilityDate: string): string {
  const texts = Object.entries(vars).map(
    ([name, value]) => `(name = ${quote(name)}, text = ${quote(value)}),`,
  );
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = (
      modules = [(name = "index.js", esModule = embed "index.js")],
      compatibilityDate = ${quote(compatibilityDate)},
      compatibilityFlags = ["global_fetch_strictly_public"],
      bindings = [${texts.join(" ")} ${hub === undefined ? "" : HUB_BINDING} (name = ${quote(kvBinding ?? "ROUTING_CONFIG")}, kvNamespace = "kv")],
      globalOutbound = "network",
    )),
    (name = "network", network = (allow = ["public", "private"])),
    (name = "kv", ${kvService(kv, compatibilityDate)}),
    ${hub === undefined ? "" : hubService(compatibilityDate)}
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
`;
}

/** The ports that workerd reports on its control descriptor, a line of JSON per event. */
async function portsOf(control: Readable, wanted: readonly string[]) {
  const ports = new Map<string, number>();
  let text = "";
  for await (const chunk of control) {
    text += String(chunk);
    const lines = text.split("\n");
    text = lines.pop() ?? "";
    for (const line of lines) {
      const event = JSON.parse(line) as { event: string; socket?: string; port?: number };
      if (event.event === "listen") ports.set(event.socket ?? "", event.port ?? 0);
      if (event.event === "listen-inspector") ports.set("inspector", event.port ?? 0);
    }
    if (wanted.every((name) => ports.has(name))) return ports;
  }
  throw new Error("workerd did not start");
}

/** Starts one Worker in a workerd of its own, with no proxy before it. Rejects where workerd does not start. */
export async function startWorker(options: WorkerOptions): Promise<RunningWorker> {
  const directory = await mkdtemp(join(tmpdir(), "switchyard-bench-"));
  const toml = readFileSync(new URL("../../wrangler.toml", import.meta.url), "utf8");
  const date = /^compatibility_date = "([^"]+)"/m.exec(toml)?.[1];
  if (date === undefined) throw new Error("wrangler.toml names no compatibility_date");
  await writeFile(join(directory, "index.js"), options.code);
  if ("code" in options.kv) await writeFile(join(directory, "kv.js"), options.kv.code);
  if (options.hub !== undefined) await writeFile(join(directory, "hub.js"), options.hub);
  await writeFile(join(directory, "config.capnp"), configOf(options, date));
  const args = ["serve", "--control-fd=3", join(directory, "config.capnp")];
  if (options.inspect === true) args.push("--inspector-addr=127.0.0.1:0");
  const child = spawn(BINARY, args, {
    stdio: ["ignore", "inherit", "inherit", "pipe"],
  });
  const wanted = options.inspect === true ? ["http", "inspector"] : ["http"];
  const ports = await portsOf(child.stdio[3] as Readable, wanted);
  const pid = child.pid ?? 0;
  return {
    port: ports.get("http") ?? 0,
    pid,
    inspectorPort: ports.get("inspector") ?? 0,
    cpu: () => cpuOf(pid),
    memory: () => memoryOf(pid),
    close: async () => {
      const gone = once(child, "exit");
      child.kill();
      await gone;
      await rm(directory, { recursive: true, force: true });
    },
  };
}
