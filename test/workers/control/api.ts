import { env } from "cloudflare:workers";
import { readConfig, type AdminConfig, type Env, type Role } from "../../../src/config.ts";
import { answer, BASE } from "../../../src/control/api.ts";
import type { AccessContext } from "../../../src/control/auth.ts";
import { propagationMs } from "../../../src/control/propagation.ts";

export const SECRET = "a secret for QA links in tests";
export const testEnv: Env = { ...env, OVERRIDE_SECRET: SECRET };
export const config = readConfig(testEnv);
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

export const admin: AdminConfig = {
  host: undefined,
  tokens: await Promise.all(
    Object.entries(TOKENS).map(async ([role, token]) => ({
      name: `the-${role}er`,
      sha256: await digest(token),
      role: role as Role,
      scope: ["*"],
    })),
  ),
  access: [{ email: "*@example.com", role: "read", scope: ["shop-*"] }],
};

export interface Ask {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** `null` sends none. */
  readonly token?: string | null;
  readonly admin?: AdminConfig;
  readonly env?: Env;
  readonly access?: AccessContext;
  readonly now?: number;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

/** What the API logged since the last look. */
export const logged: string[] = [];

/** One request to the API: a body is sent as JSON, and the caller may write unless another token is given. */
export async function api(method: string, path: string, ask: Ask = {}): Promise<Answer> {
  const headers = new Headers(ask.headers);
  const token = ask.token === undefined ? TOKENS.write : ask.token;
  if (token !== null) headers.set("authorization", `Bearer ${token}`);
  const text = typeof ask.body === "string" ? ask.body : JSON.stringify(ask.body);
  if (text !== undefined && !headers.has("content-type"))
    headers.set("content-type", "application/json");
  const request = new Request(`https://gateway.example.com${BASE}${path}`, {
    method,
    headers,
    ...(text === undefined ? {} : { body: text }),
  });
  const response = await answer(request, ask.access, ask.admin ?? admin, {
    env: ask.env ?? testEnv,
    config,
    now: () => ask.now ?? Date.now(),
    log: (level, message, details) =>
      void logged.push(`${level} ${message} ${JSON.stringify(details)}`),
  });
  const content = await response.text();
  const body = content === "" ? {} : (JSON.parse(content) as Record<string, unknown>);
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
  new Promise((resolve) => {
    setTimeout(resolve, 1150);
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
