import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";

import { command } from "../command.ts";
import { print, printJson, type Io } from "../io.ts";
import { JSON_OPTION } from "../options.ts";
import { DEFAULT_POLICIES, DEFAULT_URL, SETTINGS_FILE } from "../settings.ts";
import { style } from "../text/style.ts";

const EXAMPLE = `# The route shop.example.com: the file's name is its key. All fields: docs/policy.md
strategy: canary
stable: https://v1.shop.example.com
canary: https://v2.shop.example.com
percent: 5
`;

/** Writes a file unless one is there; says whether it did. */
async function create(path: string, content: string): Promise<boolean> {
  await mkdir(dirname(path), { recursive: true });
  try {
    await writeFile(path, content, { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

function report(io: Io, files: readonly { readonly file: string; readonly created: boolean }[]) {
  for (const { file, created } of files)
    print(io, `${created ? style(io, "green", "created") : style(io, "dim", "kept   ")}  ${file}`);
  print(io, "Next: sy validate, then sy plan. The token comes from the variable SY_TOKEN.");
}

export const init = command({
  name: "init",
  description: "Begin a folder of policies, with a settings file; overwrites nothing",
  args: {
    folder: { type: "positional", required: false, description: "Where (default: here)" },
    url: { type: "string", description: `The gateway (default ${DEFAULT_URL})` },
    ...JSON_OPTION,
  },
  run: async ({ args, io }) => {
    const folder = resolve(io.cwd, args.folder ?? ".");
    const settings = { url: args.url ?? DEFAULT_URL, policies: DEFAULT_POLICIES };
    const contents = [
      [join(folder, SETTINGS_FILE), `${JSON.stringify(settings, null, 2)}\n`],
      [join(folder, DEFAULT_POLICIES, "shop.example.com.yaml"), EXAMPLE],
    ] as const;
    const files = [];
    for (const [path, content] of contents)
      files.push({ file: relative(io.cwd, path), created: await create(path, content) });
    if (args.json === true) printJson(io, { files });
    else report(io, files);
  },
});
