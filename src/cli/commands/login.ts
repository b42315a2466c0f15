import { gatewayUrl } from "../access/gateway-url.ts";
import { readLogins, writeLogins, type Login } from "../access/logins.ts";
import { tokenFromStdin } from "../access/token.ts";
import { command } from "../command.ts";
import { Failure } from "../failure.ts";
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

export const login = command({
  name: "login",
  description: "Keep a token for one gateway: typed, or from a pipe",
  args: {
    ...URL_ARGUMENT,
    name: { type: "string", description: "What to call it: --env, and a project's environment" },
  },
  run: async ({ args, io }) => {
    const url = gatewayUrl(args.url);
    const all = await readLogins(io);
    const others = all.filter((one) => one.url !== url);
    demandFreeName(others, args.name);
    const token = await tokenFromStdin(io, url);
    const name = args.name ?? all.find((one) => one.url === url)?.name;
    const file = await writeLogins(io, [
      ...others,
      name === undefined ? { url, token } : { url, token, name },
    ]);
    note(io, `the token for ${url} is kept in ${file}`);
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
