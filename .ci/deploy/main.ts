/** `npm run deploy`: both Workers, in an order in which each finds what it needs of the other. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";

import { disagreements } from "./agreement.ts";
import { chooseKv, kvIdOf, withKvId, withoutPreviews } from "./files.ts";
import { giveVisitorKey } from "./visitor-key.ts";
import { FILES, HELP, readOptions, type Deployment, type WorkerName } from "./options.ts";

/** npm runs scripts in the repository. */
const ROOT = process.cwd();
const WRANGLER = join(ROOT, "node_modules/wrangler/bin/wrangler.js");

const WITHOUT_KV =
  "Neither file names a KV namespace, and a deployment without one would make an empty one for each Worker. " +
  "Make one with npx wrangler kv namespace create ROUTING_CONFIG, and give its id: npm run deploy -- --kv ID";

const options = readOptions(process.argv.slice(2));
switch (options.kind) {
  case "help":
    console.log(HELP);
    break;
  case "wrong":
    fail(options.message);
    break;
  case "deploy":
    await deploy(options);
    break;
}

async function deploy({ order, kv, snapshot, dryRun }: Deployment): Promise<void> {
  const texts = new Map(Object.values(FILES).map((file) => [file, textOf(file)]));
  const named = new Map([...texts].map(([file, text]) => [file, kvIdOf(text)]));
  const choice = chooseKv(kv, named);
  if ("wrong" in choice) return fail(choice.wrong);
  const id = "id" in choice ? choice.id : dryRun ? undefined : await madeKv();
  if (id === undefined && !dryRun) return fail(WITHOUT_KV);

  if (snapshot !== undefined && !existsSync(join(ROOT, snapshot)))
    return fail(`There is no ${snapshot}. Write it with: npx sy export --snapshot ${snapshot}`);
  const apart = await disagreements(ROOT);
  if (apart.length > 0) return fail(apart.join("\n"));
  if (!dryRun && id !== undefined)
    for (const [file, text] of texts) write(file, text, withoutPreviews(withKvId(text, id)));

  const done: WorkerName[] = [];
  for (const name of order) {
    const flags = dryRun ? ["--dry-run", "--outdir", join("dist", name)] : [];
    if (name === "gateway" && snapshot !== undefined)
      flags.push("--alias", `#snapshot:${join(ROOT, snapshot)}`);
    const { status } = wrangler(["deploy", "--config", FILES[name], ...flags], "inherit");
    if (status !== 0) return fail(stopped(name, done));
    done.push(name);
  }
  // Who deploys one alone has seen to the other; the key needs both.
  if (done.length < Object.keys(FILES).length) return;
  if (dryRun) return console.log("VISITOR_KEY: would be made where neither Worker has one");
  const { ok, said } = giveVisitorKey((args, input) => wrangler(args, "pipe", input));
  if (!ok) return fail(said);
  if (said !== "") console.log(said);
}

function stopped(name: WorkerName, done: readonly WorkerName[]): string {
  const rest = done.length > 0 ? `, but ${done.join(" and ")} is: both releases work together` : "";
  return `${name} is not deployed${rest}. Repeat it once the reason above is mended.`;
}

function textOf(file: string): string {
  return readFileSync(join(ROOT, file), "utf8");
}

function write(file: string, before: string, after: string): void {
  if (after === before) return;
  writeFileSync(join(ROOT, file), after);
  console.log(`${file}: changed, commit it`);
}

function wrangler(args: readonly string[], stdout: "inherit" | "pipe", input?: string) {
  return spawnSync(process.execPath, [WRANGLER, ...args], {
    cwd: ROOT,
    stdio: [input === undefined ? "inherit" : "pipe", stdout, "inherit"],
    encoding: "utf8",
    ...(input === undefined ? {} : { input }),
  });
}

/** A namespace made now, where somebody is there to want it. */
async function madeKv(): Promise<string | undefined> {
  if (!process.stdin.isTTY) return undefined;
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(
    "Neither file names a KV namespace. Make one, ROUTING_CONFIG? [y/N] ",
  );
  terminal.close();
  if (!/^y(?:es)?$/i.test(answer.trim())) return undefined;
  const { stdout } = wrangler(["kv", "namespace", "create", "ROUTING_CONFIG"], "pipe");
  console.log(stdout);
  return /\b[0-9a-f]{32}\b/.exec(stdout)?.[0];
}

function fail(message: string): void {
  console.error(message);
  process.exitCode = 1;
}
