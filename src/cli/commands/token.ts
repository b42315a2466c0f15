import { resolve } from "node:path";

import { listTokens } from "../../api/client/reads.ts";
import { accessFor, type AccessOptions } from "../access/access.ts";
import { grantsText, readGrants, type Grant } from "../access/grants-file.ts";
import { newToken } from "../access/new-token.ts";
import { command } from "../command.ts";
import { Failure, usage } from "../failure.ts";
import { lstatIfThere } from "../files/read.ts";
import { replacePrivate } from "../files/write.ts";
import { note, print, printJson, type Io } from "../io.ts";
import { SERVER_OPTIONS } from "../options.ts";
import { connect } from "../server.ts";
import { shellQuoted } from "../text/shell-quote.ts";
import { table } from "../text/table.ts";

/** Sets the secret that the control plane knows its callers by. */
const PUT = "npx wrangler secret put ADMIN_TOKENS --config src/control/wrangler.toml";

/** Puts an entry into a file of entries; gives all that it then holds. */
async function added(io: Io, file: string, grant: Grant): Promise<void> {
  const path = resolve(io.cwd, file);
  if ((await lstatIfThere(path))?.isSymbolicLink() === true)
    throw new Failure(`"${file}" is a symbolic link`, "name the file that it leads to");
  const grants = await readGrants(path);
  if (grants.some(({ name }) => name === grant.name))
    throw new Failure(
      `"${file}" has a token called "${grant.name}" already`,
      "choose another name, or take that entry out: its token is then worth nothing",
    );
  await replacePrivate(path, grantsText([...grants, grant]));
}

interface CreateOptions {
  readonly role: string | undefined;
  readonly scope: readonly string[];
  readonly file: string | undefined;
  readonly json: boolean | undefined;
}

async function create(
  io: Io,
  name: string | undefined,
  { role, scope, file, json }: CreateOptions,
): Promise<void> {
  if (name === undefined)
    throw usage("the token needs a name", "say who will use it: sy token create deploy");
  if (role === undefined)
    throw usage("the token needs a role", "add --role read, operate or write: the least that does");
  const { token, grant } = newToken({ name, role, scope });
  if (file !== undefined) await added(io, file, grant);
  const install =
    file === undefined
      ? `printf %s ${shellQuoted(JSON.stringify([grant]))} | ${PUT}`
      : `${PUT} < ${shellQuoted(file)}`;
  if (json === true) return printJson(io, { token, ...grant, install });
  print(io, `token   ${token}`, `digest  ${grant.sha256}`, `entry   ${JSON.stringify(grant)}`);
  note(
    io,
    "The token is shown this once, and kept nowhere. Where Switchyard is checked out, install it with:",
    `    ${install}`,
    file === undefined
      ? "That replaces all tokens there are. To add to them, keep the entries in a file: --file admin-tokens.json"
      : `That replaces all tokens there are by those of ${file}. It holds digests alone, no token.`,
    "Then give the token to whoever will use it: sy login URL",
  );
}

async function list(io: Io, options: AccessOptions & { readonly json?: boolean | undefined }) {
  const grants = await listTokens(connect(await accessFor(io, options)));
  if (options.json === true) return printJson(io, grants);
  const { tokens, access, beyond } = grants;
  const rows = [
    ...tokens.map(({ name, role, scope, you }) => [
      "token",
      name,
      role,
      scope.join(" "),
      you ? "you" : "",
    ]),
    ...access.map(({ email, team, role, scope }) => [
      `access ${team}`,
      email,
      role,
      scope.join(" "),
    ]),
  ];
  print(io, ...table(io, ["by", "who", "role", "scope", ""], rows));
  if (beyond > 0) note(io, `${beyond} more, with a scope beyond yours`);
}

export const token = command({
  name: "token",
  description: "Make a token for the API (token create NAME --role …), or list who may call it",
  args: {
    what: { type: "positional", description: "create or list" },
    name: { type: "positional", required: false, description: "Of create: who will use it" },
    role: { type: "string", description: "Of create: read, operate or write" },
    scope: {
      type: "string",
      description:
        "Of create: a pattern of route keys, * for any characters (default *); repeatable",
    },
    file: { type: "string", description: "Of create: the file of all entries, to add this one to" },
    ...SERVER_OPTIONS,
  },
  repeatable: ["scope"],
  run: async ({ args, all, io }) => {
    const { what, name, role, file, json } = args;
    if (what === "create") return create(io, name, { role, scope: all("scope"), file, json });
    if (what !== "list")
      throw usage(`"${what}" is not done with tokens`, "write sy token create, or sy token list");
    if (name !== undefined) throw usage(`unexpected argument "${name}"`, "see sy token --help");
    return list(io, args);
  },
});
