import { env } from "cloudflare:workers";

import type { ControlEnv } from "../../../../src/config/control.ts";
import type { AccessContext } from "../../../../src/control/auth.ts";
import { administer } from "../../../../src/control/plane.ts";
import { sha256Hex } from "../../../../src/control/sha256.ts";
import { AUD, assertion } from "../api.ts";

export const ORIGIN = "https://control.example.com";

/** Signs the tests' sessions. */
export const KEY = "0123456789abcdef".repeat(4);

export const TOKENS = { ann: "token-of-ann", ben: "token-of-ben", cleo: "token-of-cleo" } as const;

const grant = async (name: keyof typeof TOKENS, role: string, scope: string) => ({
  name,
  sha256: await sha256Hex(TOKENS[name]),
  role,
  scope,
});

/** Ann may write everything, Ben look at everything, Cleo operate her shops. */
export const ANN = await grant("ann", "write", "*");
export const BEN = await grant("ben", "read", "*");
export const CLEO = await grant("cleo", "operate", "shop-*");

const tokensOf = (grants: readonly object[]) => ({ ADMIN_TOKENS: JSON.stringify(grants) });

/** The control plane with these callers and a console. */
export const signedBy = (
  more: Partial<ControlEnv> = {},
  grants = [ANN, BEN, CLEO],
): ControlEnv => ({
  ...env,
  ...tokensOf(grants),
  ADMIN_ACCESS: JSON.stringify([
    { email: "*@example.com", role: "write", scope: "*", aud: AUD, team: "example" },
  ]),
  SESSION_KEY: KEY,
  ...more,
});

export const ON: ControlEnv = signedBy();

/** What a page of the console sends with what changes something. */
export const OWN_PAGE = { "sec-fetch-site": "same-origin", "x-switchyard-console": "1" };

/** Who Cloudflare Access has let in, and the field that says so. */
export const ACCESS: AccessContext = {
  aud: AUD,
  getIdentity: async () => ({ email: "dora@example.com" }),
};
export const ASSERTED = assertion("https://example.cloudflareaccess.com");

export interface Visit {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly env?: ControlEnv;
  readonly access?: AccessContext;
}

/** One request to the control Worker. */
export async function visit(method: string, path: string, asked: Visit = {}): Promise<Response> {
  const { headers = {}, body, env: environment = ON, access } = asked;
  const request = new Request(path.startsWith("http") ? path : ORIGIN + path, {
    method,
    headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    redirect: "manual",
  });
  return administer(request, environment, access);
}

/** Signs in as the sign-in page does. */
export async function signIn(proof: object, environment: ControlEnv = ON): Promise<Response> {
  return visit("POST", "/session", { headers: OWN_PAGE, body: proof, env: environment });
}

/** The cookie that an answer sets, as a browser sends it back. */
export function cookieOf(response: Response): string {
  const [pair = ""] = (response.headers.get("set-cookie") ?? "").split(";");
  return pair;
}

/** The cookie of somebody who has signed in. */
export async function sessionFor(token: string, environment: ControlEnv = ON): Promise<string> {
  return cookieOf(await signIn({ token }, environment));
}

/** The asset that a document asks for first. */
export async function scriptOf(document: Response): Promise<string> {
  return / src="([^"]+)"/.exec(await document.text())?.[1] ?? "none";
}
