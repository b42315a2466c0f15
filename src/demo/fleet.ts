import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { promisify } from "node:util";

import { BASE } from "../api/base.ts";
import { DEMO_TOKEN } from "../cli/access/token.ts";
import { bindingsFrom } from "./environment.ts";
import { runWorker, type RunningWorker } from "./worker.ts";

/** The repository. */
export const ROOT = join(import.meta.dirname, "../..");

/** Where both Workers are built. */
const BUILT = join(ROOT, "dist/workers");

/** Runs a program to its end; rejects with what it said where that is a bad one. */
const run = promisify(execFile);

/** Signs QA links in the demo. Fixed and public on purpose: it guards nothing but servers on this machine. */
const DEMO_OVERRIDE_SECRET = "switchyard-demo-secret-not-for-production";

/** Lets `sy` in without configuration: it knows this token. As public as the secret above, and for the same reason. */
const DEMO_TOKENS = JSON.stringify([
  {
    name: "demo",
    sha256: createHash("sha256").update(DEMO_TOKEN).digest("hex"),
    role: "write",
    scope: "*",
  },
]);

/** What the demo sets for both Workers, and their files must not. */
const SHARED_BINDINGS = {
  // The demo's origins are on the loopback address.
  ALLOW_PRIVATE_ORIGINS: { type: "plain_text", value: "true" },
  // Whoever changes a policy to see what happens wants to see it at once.
  MEMORY_TTL_SECONDS: { type: "plain_text", value: "1" },
  OVERRIDE_SECRET: { type: "secret_text", value: DEMO_OVERRIDE_SECRET },
} as const;

/** What the demo sets for the control plane alone. */
const CONTROL_BINDINGS = {
  ...SHARED_BINDINGS,
  // A page whose name was made to lead to this machine finds no API under it (DNS rebinding).
  ADMIN_HOST: { type: "plain_text", value: "127.0.0.1, localhost, [::1]" },
  ADMIN_TOKENS: { type: "secret_text", value: DEMO_TOKENS },
} as const;

interface Fleet {
  /** Stops both Workers and frees their ports. */
  readonly stop: () => Promise<void>;
}

interface FleetOptions {
  /** The gateway's; the control plane's is the one after it. */
  readonly port: number;
  /** Folder for local KV and ledgers, relative to the repository; empty. */
  readonly persistTo: string;
  /** Key → policy, as it is to stand in KV. */
  readonly policies: Readonly<Record<string, object>>;
}

/**
 * Runs both Workers in workerd, with `policies` in their KV; resolves when the gateway has answered a request. The
 * control plane's process alone writes to KV, as local KV wants it. Throws when one cannot start; the runtime may then
 * be half up, and ends with this process.
 */
export async function startFleet(options: FleetOptions): Promise<Fleet> {
  process.loadEnvFile(join(ROOT, ".tools.env"));
  // Nobody reads the traces that would be written to disk for every request.
  process.env["X_LOCAL_OBSERVABILITY"] = "false";

  await run(process.execPath, [join(ROOT, ".ci/workers.ts")]);
  const late = new AbortController();
  const starts = start(options);
  await Promise.race([deadline(late.signal), starts]);
  late.abort();
  return starts;
}

async function start({ port, persistTo, policies }: FleetOptions): Promise<Fleet> {
  const persist = join(ROOT, persistTo);
  const own = bindingsFrom(process.env);
  // Where the gateway finds its hub. The explorer lists the Workers that stand in here; another demo has its own.
  const places = { persist, registry: join(persist, "registry") };
  const control = await runWorker({
    ...places,
    config: join(ROOT, "src/control/wrangler.toml"),
    directory: join(BUILT, "control"),
    bindings: { ...CONTROL_BINDINGS, ...own.control },
    port: port + 1,
  });
  for (const [key, policy] of Object.entries(policies)) await put(control, key, policy);
  const gateway = await runWorker({
    ...places,
    config: join(ROOT, "wrangler.toml"),
    directory: join(BUILT, "gateway"),
    bindings: { ...SHARED_BINDINGS, ...own.gateway },
    port,
  });
  await firstAnswer(gateway, Object.keys(policies)[0] ?? "");
  return { stop: async () => void (await Promise.all([gateway.stop(), control.stop()])) };
}

/** A start takes a few seconds, on a very busy machine some tens of them; past this (ms) it never ends. */
const START_DEADLINE_MS = 120_000;

/** Rejects when the start has taken too long, unless it is over by then. */
async function deadline(over: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`it did not get ready within ${START_DEADLINE_MS / 1000} s.`)),
      START_DEADLINE_MS,
    );
    over.addEventListener("abort", () => clearTimeout(timer));
  });
}

async function firstAnswer(gateway: RunningWorker, host: string): Promise<void> {
  const response = await gateway.fetch(`http://${host}/`);
  const text = await response.text();
  if (!response.ok) throw new Error(`the first request got ${response.status}: ${text}`);
}

/** Through the API, as anybody would: each route then has a history that begins with this. */
async function put(control: RunningWorker, key: string, policy: object): Promise<void> {
  const response = await control.fetch(`http://localhost${BASE}/routes/${key}`, {
    method: "PUT",
    headers: {
      authorization: `Bearer ${DEMO_TOKEN}`,
      "content-type": "application/json",
      "if-none-match": "*",
    },
    body: JSON.stringify({ policy, note: "the demo's own" }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`the route ${key} got ${response.status}: ${text}`);
}
