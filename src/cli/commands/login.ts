import type { Access } from "../../api/client/ask.ts";
import { gatewayUrl } from "../access/gateway-url.ts";
import { readLogins, writeLogins, type Login } from "../access/logins.ts";
import { tokenFromStdin } from "../access/token.ts";
import { command } from "../command.ts";
import { Failure } from "../failure.ts";
import { askHealth } from "../health/ask.ts";
import { note } from "../io.ts";

const URL_ARGUMENT = {
  url: { type: "positional", description: "The gateway, for example https://gateway.example.com" },
} as const;

/** Another login that goes by the same name: two would make it a matter of luck where a command goes. */
function demandFreeName(others: readonly Login[], name: string | undefined): void {
  const other = name === undefined ? undefined : others.find((one) => one.name === name);
  if (other !== undefined)
    throw new Failure(`"${name}" is ${other.url} already`, `run: sy logout ${other.url}`);
}

/** Whose token it is, in one line; why that is not known where the control plane cannot be asked just now. Throws where it refuses the token: a mistake in typing is found here, not tomorrow. */
async function checkedLogin(access: Access): Promise<string[]> {
  try {
    const { name, role, scope } = (await askHealth(access)).caller;
    return [`you are ${name} there, with the role ${role} for ${scope.join(" ")}`];
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    if (error.code === "unauthorized")
      throw new Failure(
        `${access.url} does not know this token, so it is not kept`,
        "check what was typed; sy token create says how a token is made known there",
        { code: "unauthorized" },
      );
    return [`whose it is could not be asked: ${error.message}`];
  }
}

export const login = command({
  name: "login",
  description: "Keep a token for one gateway: typed, or from a pipe",
  args: {
    ...URL_ARGUMENT,
    name: { type: "string", description: "What to call it: --env, and a project's environment" },
    check: {
      type: "boolean",
      default: true,
      description: "Ask the gateway whose token it is",
      negativeDescription: "Keep the token without asking the gateway whose it is",
    },
  },
  run: async ({ args, io }) => {
    const url = gatewayUrl(args.url);
    const all = await readLogins(io);
    const others = all.filter((one) => one.url !== url);
    demandFreeName(others, args.name);
    const token = await tokenFromStdin(io, url);
    const checked = args.check === false ? [] : await checkedLogin({ url, token });
    const name = args.name ?? all.find((one) => one.url === url)?.name;
    const file = await writeLogins(io, [
      ...others,
      name === undefined ? { url, token } : { url, token, name },
    ]);
    note(io, `the token for ${url} is kept in ${file}`, ...checked);
  },
});

export const logout = command({
  name: "logout",
  description: "Forget the token for a gateway",
  args: URL_ARGUMENT,
  run: async ({ args, io }) => {
    const url = gatewayUrl(args.url);
    const logins = await readLogins(io);
    const others = logins.filter((one) => one.url !== url);
    if (others.length === logins.length) return note(io, `there was no token for ${url}`);
    await writeLogins(io, others);
    note(io, `the token for ${url} is forgotten`);
  },
});
