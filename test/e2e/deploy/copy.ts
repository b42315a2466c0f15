import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { plainEnv } from "../../support/demo.ts";
import { ROOT } from "../../unit/docs/markdown.ts";

/** A namespace's id. */
export const ID = "0123456789abcdef0123456789abcdef";

/** For tests of several deployments: each starts wrangler up to ten times. */
export const LONG_MS = 300_000;

/** Each Worker's configuration: control's, then the gateway's. */
export const FILES = ["src/control/wrangler.toml", "wrangler.toml"] as const;

const COPIED = ["src", ".ci", ".tools.env", "package.json", "package-lock.json", "tsconfig.json"];

/** The console as it is built, which is not built anew where the sources are those that it was made of. */
export const CONSOLE = "dist/console";

/** A copy of the repository, in which a deployment may write. */
export interface Copy {
  /** Where a file of it is. */
  readonly path: (file: string) => string;
  readonly read: (file: string) => Promise<string>;
  /** The texts of both configurations, in the order of FILES. */
  readonly texts: () => Promise<readonly string[]>;
  /** Starts a program in it, for whom nobody is logged in where this environment does not say so. */
  readonly run: (
    command: readonly [string, ...string[]],
    env?: Readonly<Record<string, string>>,
  ) => Promise<{ readonly code: unknown; readonly said: string }>;
  readonly remove: () => Promise<void>;
}

/** Copies what a deployment reads, and `more` beside it. */
export async function copyOfRepository(...more: readonly string[]): Promise<Copy> {
  const copy = await mkdtemp(join(tmpdir(), "switchyard-deploy-"));
  const path = (file: string) => join(copy, file);
  for (const file of [...COPIED, "wrangler.toml", ...more])
    await cp(join(ROOT, file), path(file), { recursive: true });
  await symlink(join(ROOT, "node_modules"), path("node_modules"), "dir");
  const read = async (file: string) => readFile(path(file), "utf8");
  return {
    path,
    read,
    texts: async () => Promise.all(FILES.map(read)),
    async run([program, ...args], more_ = {}) {
      const env = plainEnv({ HOME: copy, XDG_CONFIG_HOME: path(".config"), ...more_ });
      const child = spawn(program, args, { cwd: copy, env });
      child.stdin.end();
      let said = "";
      for (const stream of [child.stdout, child.stderr])
        stream.setEncoding("utf8").on("data", (chunk: string) => (said += chunk));
      const [code] = (await once(child, "close")) as unknown[];
      return { code, said };
    },
    remove: async () => rm(copy, { recursive: true, force: true }),
  };
}

const { scripts } = createRequire(import.meta.url)("../../../package.json") as {
  readonly scripts: { readonly deploy: string };
};

/** What `npm run deploy` starts, without npm, which takes as long to start as most of what is looked at here. */
const [, ...SCRIPT] = scripts.deploy.split(" ");

/** Deploys from a copy, with these options. */
export const deploy = async (
  copy: Copy,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
) => copy.run([process.execPath, ...SCRIPT, ...args], env);

/** Where a text names each of the two Workers' entrypoints of bindings, in its order. */
export const built = (said: string) =>
  [...said.matchAll(/env\.(LEDGER|HUB) /g)].map(([, binding]) =>
    binding === "LEDGER" ? "control" : "gateway",
  );
