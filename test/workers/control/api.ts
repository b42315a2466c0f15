import { env } from "cloudflare:workers";
import type { AdminConfig } from "../../../src/config/admin.ts";
import { readControl, type ControlEnv } from "../../../src/config/control.ts";
import type { Role } from "../../../src/lib/roles.ts";
import type { Services } from "../../../src/control/call.ts";
import { answer } from "../../../src/control/router.ts";
import type { AccessContext } from "../../../src/control/auth.ts";
import { BASE } from "../../../src/api/base.ts";
import openApi from "../../../src/api/generated/openapi.json";
import { LINES } from "../../../src/api/definition.ts";
import { OPERATIONS } from "../../../src/api/operations.ts";
import { COMMON_PROBLEMS } from "../../../src/api/problems.ts";
import { propagationMs } from "../../../src/lib/propagation.ts";
import { faults, resolve } from "../../unit/api/json-schema.ts";

/** What is wrong with an answer by the OpenAPI document; every answer in these tests is held against it. */
function undocumented(
  method: string,
  path: string,
  status: number,
  type: string,
  body: unknown,
): string[] {
  const paths = openApi.paths as Record<string, Record<string, unknown>>;
  const [pathname = ""] = path.split("?");
  const known = Object.keys(paths)
    .filter((one) => new RegExp(`^${one.replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(pathname))
    // A path without a parameter goes before one with.
    .toSorted((a, b) => a.split("{").length - b.split("{").length)[0];
  const operation = paths[known ?? ""]?.[method.toLowerCase()] as
    | { responses?: Record<string, unknown> }
    | undefined;
  // Where there is no such operation, the answer is a problem that any operation could give.
  const responses = operation?.responses ?? openApi.paths["/routes"].get.responses;
  const told =
    (responses as Record<string, unknown>)[String(status)] ??
    (responses as Record<string, unknown>)[`${Math.floor(status / 100)}XX`];
  if (told === undefined) return [`${method} ${pathname} is not documented to answer ${status}`];
  const reference = (told as { $ref?: string }).$ref;
  const { content } = (reference === undefined ? told : resolve(openApi, reference)) as {
    content?: Record<string, { schema: unknown }>;
  };
  if (content === undefined) return [];
  const { code } = body as { code?: string };
  const id = (operation as { operationId?: string } | undefined)?.operationId;
  const may = OPERATIONS.find((one) => one.id === id)?.problems ?? [];
  if (code !== undefined && ![...COMMON_PROBLEMS, ...may].some((one) => one === code))
    return [`${method} ${pathname} is not documented to refuse with ${code}`];
  const schema = content[type]?.schema;
  if (schema === undefined) return [`${type} is not documented for ${status}`];
  return type === LINES
    ? (body as { lines: unknown[] }).lines.flatMap((line) => faults(schema, line, openApi))
    : faults(schema, body, openApi);
}

export const SECRET = "a secret for QA links in tests";
export const testEnv: ControlEnv = { ...env, OVERRIDE_SECRET: SECRET };
export const config = readControl(testEnv);
export const PROPAGATION_MS = propagationMs(config);

export async function digest(token: string): Promise<string> {
  const bytes = new Uint8Array(
    await crypto.subtle.digest("SHA-256", new TextEncoder().encode(token)),
  );
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** A token for every role; `all` may touch every key. */
export const TOKENS = {
  read: "token-read",
  operate: "token-operate",
  write: "token-write",
} as const;

/** The AUD tag of the tests' application of Cloudflare Access. */
export const AUD = "a0".repeat(32);

/** The field by which Cloudflare Access says who vouches. */
export const assertion = (iss: string): Record<string, string> => ({
  "cf-access-jwt-assertion": `e30.${btoa(JSON.stringify({ iss }))}.c2ln`,
});

export const admin: AdminConfig = {
  hosts: [],
  tokens: await Promise.all(
    Object.entries(TOKENS).map(async ([role, token]) => ({
      name: `the-${role}er`,
      sha256: await digest(token),
      role: role as Role,
      scope: ["*"],
    })),
  ),
  access: [{ email: "*@example.com", role: "read", scope: ["shop-*"], aud: AUD, team: "example" }],
};

export interface Ask {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** `null` sends none. */
  readonly token?: string | null;
  readonly admin?: AdminConfig;
  readonly env?: ControlEnv;
  readonly access?: AccessContext;
  readonly now?: number;
  readonly sleep?: Services["sleep"];
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

/** What the API logged since the last look. */
export const logged: string[] = [];

/** What a body says; of lines, each of which is a value, the list. */
function bodyOf(content: string, type: string): Record<string, unknown> {
  if (type === LINES)
    return {
      lines: content
        .split("\n")
        .slice(0, -1)
        .map((line) => JSON.parse(line) as unknown),
    };
  return content === "" ? {} : (JSON.parse(content) as Record<string, unknown>);
}

/** One request to the API as it is answered: a body is sent as JSON, and the caller may write unless another token is given. */
export async function respond(method: string, path: string, ask: Ask = {}): Promise<Response> {
  const headers = new Headers(ask.headers);
  const token = ask.token === undefined ? TOKENS.write : ask.token;
  if (token !== null) headers.set("authorization", `Bearer ${token}`);
  const text = typeof ask.body === "string" ? ask.body : JSON.stringify(ask.body);
  if (text !== undefined && !headers.has("content-type"))
    headers.set("content-type", "application/json");
  const request = new Request(`https://control.example.com${BASE}${path}`, {
    method,
    headers,
    ...(text === undefined ? {} : { body: text }),
  });
  return answer(request, ask.access, ask.admin ?? admin, {
    env: ask.env ?? testEnv,
    config,
    now: () => ask.now ?? Date.now(),
    sleep: ask.sleep ?? (async (ms, signal) => scheduler.wait(ms, { signal })),
    log: (level, message, details) =>
      void logged.push(`${level} ${message} ${JSON.stringify(details)}`),
  });
}

/** The same, with the whole answer, held against the OpenAPI document. */
export async function api(method: string, path: string, ask: Ask = {}): Promise<Answer> {
  const response = await respond(method, path, ask);
  // Not text(), which warns of lines of JSON.
  const content = new TextDecoder().decode(await response.arrayBuffer());
  const type = response.headers.get("content-type") ?? "";
  const body = bodyOf(content, type);
  const wrong = undocumented(method, path, response.status, type, body);
  if (wrong.length > 0)
    throw new Error(`${method} ${path} ${response.status}: ${wrong.join("; ")}`);
  return { status: response.status, headers: response.headers, body };
}

const NEW = { "if-none-match": "*" };

/** Makes a new route; throws where that is refused. */
export async function create(key: string, policy: unknown): Promise<Answer> {
  const made = await api("PUT", `/routes/${key}`, { headers: NEW, body: { policy } });
  if (made.status !== 201) throw new Error(JSON.stringify(made.body));
  return made;
}

export const match = (version: number | string): Record<string, string> => ({
  "if-match": version === "*" ? "*" : `"${version}"`,
});

/** Until KV may be written to again. */
export const kvGap = (): Promise<void> =>
  new Promise((done) => {
    setTimeout(done, 1150);
  });

export const A = "https://a.example.com";
export const B = "https://b.example.com";

export const canary = (percent: number, more: object = {}) => ({
  strategy: "canary",
  stable: A,
  canary: B,
  percent,
  ...more,
});
