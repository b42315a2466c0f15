import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";

import { DEFAULT_URL, gatewayUrl, isLoopback } from "../access/gateway-url.ts";
import { demandYes } from "../ask.ts";
import { isInCheckout } from "../checkout.ts";
import { command } from "../command.ts";
import { print, printJson, type Io } from "../io.ts";
import { Failure } from "../failure.ts";
import { lstatIfThere } from "../files/read.ts";
import { JSON_OPTION, YES_OPTION } from "../options.ts";
import { DEFAULT_POLICIES, SETTINGS_FILE } from "../settings.ts";
import { style } from "../text/style.ts";

const EXAMPLE = `# The route shop.example.com: the file's name is its key. All fields: docs/policy.md
strategy: canary
stable: https://v1.shop.example.com
canary: https://v2.shop.example.com
percent: 5
# Taken back by itself where it fails for more visitors than stable does: docs/guards.md
guard:
  checks:
    - metric: failures
      maxIncrease: 1
`;

/** The working folder of `npm run sy` is Switchyard's own: policies written there would lie among its files. */
async function demandOutside(io: Io, folder: string, yes: boolean | undefined): Promise<void> {
  if (!isInCheckout(folder) || yes === true) return;
  if (!io.interactive)
    throw new Failure(
      `${folder} is part of Switchyard itself`,
      "name a folder elsewhere: sy init ../policies (or add --yes)",
    );
  await demandYes(io, yes, `${folder} is part of Switchyard itself. Begin the policies there?`);
}

/** Writes a file unless one is there; says whether it did. Follows no symbolic link. */
async function create(path: string, content: string): Promise<boolean> {
  const folder = dirname(path);
  if ((await lstatIfThere(folder))?.isSymbolicLink() === true)
    throw new Failure(`"${folder}" is a symbolic link`, "name the folder that it leads to");
  await mkdir(folder, { recursive: true });
  try {
    await writeFile(path, content, { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

function report(
  io: Io,
  files: readonly { readonly file: string; readonly created: boolean }[],
  url: string,
) {
  for (const { file, created } of files)
    print(io, `${created ? style(io, "green", "created") : style(io, "dim", "kept   ")}  ${file}`);
  const login = isLoopback(url) ? "" : `sy login ${url}, then `;
  print(io, `Next: ${login}sy validate, then sy plan.`);
}

export const init = command({
  name: "init",
  description: "Begin a folder of policies, with a settings file; overwrites nothing",
  args: {
    folder: { type: "positional", required: false, description: "Where (default: here)" },
    url: { type: "string", description: `The gateway (default ${DEFAULT_URL})` },
    ...YES_OPTION,
    ...JSON_OPTION,
  },
  run: async ({ args, io }) => {
    const folder = resolve(io.cwd, args.folder ?? ".");
    await demandOutside(io, folder, args.yes);
    const url = gatewayUrl(args.url ?? DEFAULT_URL);
    const settings = { url, policies: DEFAULT_POLICIES };
    const contents = [
      [join(folder, SETTINGS_FILE), `${JSON.stringify(settings, null, 2)}\n`],
      [join(folder, DEFAULT_POLICIES, "shop.example.com.yaml"), EXAMPLE],
    ] as const;
    const files = [];
    for (const [path, content] of contents)
      files.push({ file: relative(io.cwd, path), created: await create(path, content) });
    if (args.json === true) printJson(io, { files });
    else report(io, files, url);
  },
});
