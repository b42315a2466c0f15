import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

/** A Worker of the account. */
interface Script {
  /** What was uploaded last: bindings and the like. */
  readonly metadata: Record<string, unknown>;
  /** The files of that upload, by name: modules and their maps. */
  readonly files: ReadonlyMap<string, string>;
  readonly secrets: Map<string, string>;
}

/** A file beside a Worker, as the manifest of its upload names it. */
interface Asset {
  readonly hash: string;
  readonly size: number;
}

/** Cloudflare's API on loopback, as far as wrangler needs it to deploy: an account that begins empty and keeps what it is told. */
export interface Account {
  /** For the environment of wrangler. */
  readonly env: Readonly<Record<string, string>>;
  readonly scripts: ReadonlyMap<string, Script>;
  /** Namespaces by title. */
  readonly namespaces: Map<string, string>;
  /** The paths of files beside Workers whose content was uploaded. */
  readonly assets: () => readonly string[];
  /** Each request: its method and its path below the account. */
  readonly asked: readonly string[];
  /** Bodies of what was put or posted, by what was asked. */
  readonly told: ReadonlyMap<string, string>;
  readonly close: () => void;
}

const ACCOUNT = "0000000000000000000000000000000a";

/** The subdomain of workers.dev that the account has. */
const SUBDOMAIN = "team";

/** The one zone of the account. */
const ZONE = "example.com";

const NO_SUCH_WORKER = { status: 404, code: 10_007, message: "This Worker does not exist" };

class Refused extends Error {
  readonly status: number;
  readonly code: number;
  constructor({ status, code, message }: typeof NO_SUCH_WORKER) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

async function uploadOf(body: Buffer, type: string): Promise<Pick<Script, "metadata" | "files">> {
  const form = await new Response(new Uint8Array(body), {
    headers: { "content-type": type },
  }).formData();
  const files = new Map<string, string>();
  for (const [name, part] of form) files.set(name, await new Response(part).text());
  const metadata = JSON.parse(files.get("metadata") ?? "") as Record<string, unknown>;
  return { metadata, files };
}

/** Starts an account. */
export async function startAccount(): Promise<Account> {
  const scripts = new Map<string, Script>();
  const namespaces = new Map<string, string>();
  const assets = new Map<string, string>();
  const uploaded = new Set<string>();
  const asked: string[] = [];
  const told = new Map<string, string>();

  const scriptOf = (name: string): Script => {
    const script = scripts.get(name);
    if (script === undefined) throw new Refused(NO_SUCH_WORKER);
    return script;
  };

  async function ofScript(method: string, name: string, rest: string, body: Buffer, type: string) {
    // A first upload is a script, a later one a version of it, which is then deployed.
    if (method === (rest === "/versions" ? "POST" : "PUT") && /^(?:\/versions)?$/.test(rest)) {
      const secrets = scripts.get(name)?.secrets ?? new Map<string, string>();
      scripts.set(name, { ...(await uploadOf(body, type)), secrets });
      return {
        id: name,
        deployment_id: "d",
        startup_time_ms: 3,
        resources: { script: { etag: "e" } },
      };
    }
    if (rest === "/assets-upload-session") {
      const { manifest } = JSON.parse(body.toString()) as { manifest: Record<string, Asset> };
      for (const [path, { hash }] of Object.entries(manifest)) assets.set(path, hash);
      // It has none of them yet, and wants all in one piece.
      return { jwt: "session", buckets: [Object.values(manifest).map(({ hash }) => hash)] };
    }
    const { secrets } = scriptOf(name);
    if (rest === "/secrets" && method === "PUT") {
      const { name: secret, text } = JSON.parse(body.toString()) as { name: string; text: string };
      secrets.set(secret, text);
      return {};
    }
    if (rest === "/secrets")
      return [...secrets.keys()].map((one) => ({ name: one, type: "secret_text" }));
    if (rest === "/subdomain") return { enabled: true, previews_enabled: false };
    if (rest === "/deployments") return { deployments: [] };
    if (rest === "/domains/changeset")
      return { added: [], removed: [], updated: [], conflicting: [] };
    if (rest === "/routes") return JSON.parse(body.toString()) as unknown;
    return {};
  }

  async function answer(
    method: string,
    { pathname: path, searchParams }: URL,
    body: Buffer,
    type: string,
  ): Promise<unknown> {
    // wrangler asks for pages until one is empty.
    if (method === "GET" && Number(searchParams.get("page") ?? 1) > 1) return [];
    if (path === "/workers/assets/upload") {
      const form = await new Response(new Uint8Array(body), {
        headers: { "content-type": type },
      }).formData();
      for (const hash of form.keys()) uploaded.add(hash);
      return { jwt: "complete" };
    }
    if (path === "/workers/subdomain") return { subdomain: SUBDOMAIN };
    if (path === "/zones") return [{ id: "z", name: ZONE }];
    if (path.startsWith("/zones/z/")) return [];
    if (path === "/storage/kv/namespaces") {
      if (method === "GET") return [...namespaces].map(([title, id]) => ({ title, id }));
      const { title } = JSON.parse(body.toString()) as { title: string };
      const id = (namespaces.size + 1).toString(16).padStart(32, "0");
      namespaces.set(title, id);
      return { id, title };
    }
    const [, kind, name, rest = ""] =
      /^\/workers\/(scripts|services|workers)\/([\w-]+)(\/.*)?$/.exec(path) ?? [];
    if (name === undefined) return [];
    if (kind === "scripts") return ofScript(method, name, rest, body, type);
    const { metadata } = scriptOf(name);
    const subdomain = { enabled: true, previews_enabled: false };
    return {
      id: name,
      name,
      subdomain,
      default_environment: { environment: "production", script: metadata },
    };
  }

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "GET", url = "/" } = request;
    const target = new URL(url, "http://api");
    target.pathname = target.pathname.replace(/^\/accounts\/[^/]+/, "");
    const what = `${method} ${target.pathname}`;
    const body = await bodyOf(request);
    const type = request.headers["content-type"] ?? "";
    asked.push(what);
    if (type.includes("json")) told.set(what, body.toString());
    response.setHeader("content-type", "application/json");
    try {
      const result = await answer(method, target, body, type);
      response.end(JSON.stringify({ success: true, errors: [], messages: [], result }));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      response.statusCode = error.status;
      const errors = [{ code: error.code, message: error.message }];
      response.end(JSON.stringify({ success: false, errors, messages: [], result: null }));
    }
  }

  const server = createServer((request, response) => void respond(request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the API has no port");
  return {
    env: {
      CLOUDFLARE_API_BASE_URL: `http://127.0.0.1:${address.port}`,
      CLOUDFLARE_API_TOKEN: "none",
      CLOUDFLARE_ACCOUNT_ID: ACCOUNT,
    },
    scripts,
    namespaces,
    assets: () => [...assets].filter(([, hash]) => uploaded.has(hash)).map(([path]) => path),
    asked,
    told,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
