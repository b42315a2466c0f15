import { EventEmitter, once } from "node:events";
import { join } from "node:path";

import { loadWrangler } from "../../src/demo/load-wrangler.ts";
import { standAside } from "../../src/demo/worker.ts";
import { builtWorker, ENTRY, quietTools, WORKERS, type WorkerName } from "./worker-build.ts";

/** workerd's log comes over a pipe, a little after the answer that it belongs to; past this a line that is missing does not come. */
const LOG_TIMEOUT_MS = 20_000;

export interface LogLine {
  readonly level: string;
  readonly message: string;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
}

/** A Worker that runs on a port of its own. */
export interface TestWorker {
  /** `http://127.0.0.1:<port>`, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  /** What the Worker logged, and rejections nobody handled, in order. A line may come shortly after its answer. */
  logs(): readonly LogLine[];
  /** Waits for a log line that matches; rejects with all lines if none comes within 20 seconds. */
  logged(pattern: RegExp): Promise<LogLine>;
  close(): Promise<void>;
}

export interface WorkerOptions {
  /** Over the vars of the Worker's file. ALLOW_PRIVATE_ORIGINS is "true" unless said otherwise: origins are on loopback. */
  readonly vars?: Readonly<Record<string, string>> | undefined;
  readonly secrets?: Readonly<Record<string, string>> | undefined;
  /** A module of the built Worker's folder to start with; the default is the one that logs rejections. */
  readonly entry?: string | undefined;
  /** Where KV and ledgers are kept; Workers with the same folder share them. Nowhere if it is left out. */
  readonly persist?: string | undefined;
  /** Where Workers find each other: those with the same folder, and no others on this machine. */
  readonly registry: string;
  /** The folder of another build than this checkout's. */
  readonly directory?: string | undefined;
  /** Whether an inspector may be opened. It keeps a copy of the bodies that pass while one is. */
  readonly inspect?: boolean | undefined;
}

function bindings(
  type: "plain_text" | "secret_text",
  values: Readonly<Record<string, string>> = {},
) {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { type, value }]));
}

/**
 * Starts a built Worker in a workerd of its own. Rejects with what the Worker said if it does not start. Several may run
 * at once.
 *
 * Not wrangler's `createTestHarness`: its Workers fetch through Node's fetch, which follows redirects, unpacks bodies
 * and turns a failed connection into a 500. Here workerd itself talks to the origins, and visitors reach it without
 * the proxy of `wrangler dev` between. `global_fetch_strictly_public` stays on: locally it does not bar loopback.
 * What still stands before the Worker is miniflare's entry, which plays Cloudflare's edge: the Worker always gets
 * `Accept-Encoding: br, gzip`, a `CF-Connecting-IP` (a visitor's own is believed) and a fixed sample of `request.cf`;
 * it believes a visitor's `X-Forwarded-Proto` about the URL's scheme; and it repacks answers to fit the visitor's `Accept-Encoding`.
 */
export async function startWorker(name: WorkerName, options: WorkerOptions) {
  const directory = options.directory ?? (await builtWorker(name));
  quietTools();
  // Loaded late: it reads its environment while it loads.
  const { unstable_DevEnv: DevEnv } = loadWrangler();
  const lines: LogLine[] = [];
  const news = new EventEmitter().setMaxListeners(0);
  const devEnv = new DevEnv();
  standAside(devEnv.proxy);
  const running = new Promise<void>((resolve, reject) => {
    devEnv.once("reloadComplete", () => resolve());
    for (const failure of ["error", "buildFailed"]) {
      devEnv.once(failure, (event: unknown) => reject(startError(lines, event)));
    }
  });
  try {
    const started = devEnv.startWorker({
      config: WORKERS[name],
      entrypoint: join(directory, options.entry ?? ENTRY),
      build: {
        bundle: false,
        findAdditionalModules: true,
        moduleRoot: directory,
        moduleRules: [{ type: "ESModule", globs: ["**/*.js"], fallthrough: true }],
      },
      bindings: {
        ...bindings("plain_text", { ALLOW_PRIVATE_ORIGINS: "true", ...options.vars }),
        ...bindings("secret_text", options.secrets),
      },
      dev: {
        server: { hostname: "127.0.0.1", port: 0 },
        persist: options.persist ?? false,
        registry: options.registry,
        watch: false,
        inspector: options.inspect === true && { hostname: "127.0.0.1", port: 0 },
        remote: false,
        logLevel: "none",
        structuredLogsHandler: ({ level, message, timestamp }: LogLine) => {
          lines.push({ level, message, timestamp });
          news.emit("line");
        },
      },
    });
    await Promise.all([started, running]);
    const miniflare = devEnv.runtimes[0]?.mf;
    if (miniflare === undefined) throw new Error("wrangler started no local runtime");
    const url = await miniflare.ready;
    const worker: TestWorker = {
      url: url.origin,
      port: Number(url.port),
      logs: () => [...lines],
      logged: (pattern) => awaitLine(lines, news, pattern),
      close: () => devEnv.teardown(),
    };
    return {
      worker,
      kv: async () => miniflare.getKVNamespace("ROUTING_CONFIG"),
      /** What the Worker reaches, as it does: by the names of its bindings. */
      bindings: async () => miniflare.getBindings(),
      /** Where inspectors of all that runs in this workerd are listed. */
      inspectorPort: async () => Number((await miniflare.getInspectorURL()).port),
    };
  } catch (error) {
    // A runtime that never started cannot be stopped either, and says so in place of the reason.
    await devEnv.teardown().catch(() => {});
    throw error;
  }
}

/** Why workerd did not start: what it logged, else what wrangler reports. */
function startError(lines: readonly LogLine[], event: unknown): Error {
  const said = lines.filter(({ level }) => level === "error").map(({ message }) => message);
  const text = said.length > 0 ? said.join("\n") : JSON.stringify(event);
  return new Error(`the Worker did not start: ${text}`, { cause: event });
}

async function awaitLine(
  lines: readonly LogLine[],
  news: EventEmitter,
  pattern: RegExp,
): Promise<LogLine> {
  const signal = AbortSignal.timeout(LOG_TIMEOUT_MS);
  for (;;) {
    const found = lines.find(({ message }) => pattern.test(message));
    if (found !== undefined) return found;
    await once(news, "line", { signal }).catch(() => {
      throw new Error(`no log line matches ${pattern} in ${JSON.stringify(lines, null, 2)}`);
    });
  }
}
