import type { Access } from "../../api/client/ask.ts";
import { saysYes } from "../ask.ts";
import { Failure, usage } from "../failure.ts";
import type { Io } from "../io.ts";
import { settingsFor, type FoundSettings } from "../settings.ts";
import { DEFAULT_URL, gatewayUrl, isLoopback } from "./gateway-url.ts";
import { readLogins, writeLogins, type Login } from "./logins.ts";
import { checkedToken, DEMO_TOKEN, tokenFromStdin } from "./token.ts";

/** The options by which a command line names a gateway. */
export interface AccessOptions {
  readonly url?: string | undefined;
  readonly env?: string | undefined;
  readonly "token-stdin"?: boolean | undefined;
}

/** A gateway, and who named it: a file in a project may be somebody else's. */
interface Target {
  readonly url: string;
  readonly by: "caller" | "project" | "default";
}

/** The gateway that a login is called by. */
function urlOfName(logins: readonly Login[], name: string): string {
  const login = logins.find((one) => one.name === name);
  if (login !== undefined) return login.url;
  throw new Failure(`no gateway is called "${name}" here`, `run: sy login URL --name ${name}`);
}

function targetOf(
  { url, env: name }: AccessOptions,
  fromEnv: string | undefined,
  { settings }: FoundSettings,
  logins: readonly Login[],
): Target {
  if (url !== undefined && name !== undefined)
    throw usage("--url and --env both name the gateway", "give one of them");
  if (url !== undefined) return { url: gatewayUrl(url), by: "caller" };
  if (name !== undefined) return { url: urlOfName(logins, name), by: "caller" };
  if (fromEnv !== undefined) return { url: gatewayUrl(fromEnv), by: "caller" };
  if (settings.environment !== undefined)
    return { url: urlOfName(logins, settings.environment), by: "project" };
  if (settings.url !== undefined) return { url: gatewayUrl(settings.url), by: "project" };
  return { url: DEFAULT_URL, by: "default" };
}

/** Takes the token of the environment for a gateway that only a project's file names, where somebody at the terminal says so; keeps it, so that nobody is asked twice. */
async function agreed(
  io: Io,
  url: string,
  token: string,
  { file }: FoundSettings,
): Promise<string | undefined> {
  const yes =
    io.interactive && (await saysYes(io, `${file} names ${url}. Log in there with SY_TOKEN?`));
  if (!yes) return undefined;
  await writeLogins(io, [...(await readLogins(io)), { url, token }]);
  return token;
}

/**
 * The gateway that a command speaks to, and the token for it. The gateway: options before `SY_URL`
 * before the project's settings before `npm start`. A token goes only to the URL it was given for:
 * `SY_TOKEN` to `SY_URL`, one of stdin to the gateway that the caller names, else the one of
 * `sy login`; without any, loopback addresses get the demo's. Throws a failure where there is none.
 */
export async function accessFor(io: Io, options: AccessOptions): Promise<Access> {
  const fromEnv = io.env["SY_URL"] || undefined;
  const envToken = io.env["SY_TOKEN"] || undefined;
  const found = await settingsFor(io.cwd);
  const logins = await readLogins(io);
  const { url, by } = targetOf(options, fromEnv, found, logins);
  if (options["token-stdin"] === true) {
    if (by !== "caller") throw usage("--token-stdin needs the gateway it is for", "add --url");
    return { url, token: await tokenFromStdin(io, url) };
  }
  if (envToken !== undefined && fromEnv !== undefined && gatewayUrl(fromEnv) === url)
    return { url, token: checkedToken(envToken) };
  const stored = logins.find((login) => login.url === url)?.token;
  if (stored !== undefined) return { url, token: stored };
  if (envToken !== undefined && fromEnv === undefined) {
    const token = by === "project" ? await agreed(io, url, envToken, found) : undefined;
    if (token !== undefined) return { url, token };
    throw new Failure(
      `SY_TOKEN does not say which gateway it is for, and is not sent to ${url}`,
      `set SY_URL=${url} beside it, or run: sy login ${url}`,
      { code: "no-token" },
    );
  }
  if (isLoopback(url)) return { url, token: DEMO_TOKEN };
  throw new Failure(
    `there is no token for ${url}`,
    `set SY_TOKEN beside SY_URL, or run: sy login ${url}`,
    { code: "no-token" },
  );
}
