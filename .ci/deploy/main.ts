/** `npm run deploy`: both Workers, in an order in which each finds what it needs of the other. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { isDeployed, madeNamespace, namespaceOf, titleOf, type Found } from "./account.ts";
import { disagreements } from "./agreement.ts";
import { askPlace } from "./ask.ts";
import { buildConsole } from "../console.ts";
import { bound, isPlaced, newLines, placed, prepared, type Texts } from "./edits.ts";
import { hasEnvironment } from "./environment.ts";
import { chooseKv, kvIdOf } from "./files.ts";
import { answering, nextSteps } from "./next.ts";
import {
  FILES,
  flagsOf,
  HELP,
  readOptions,
  WORKERS,
  type Deployment,
  type WorkerName,
} from "./options.ts";
import { releaseFault } from "./release.ts";
import { makeSmaller } from "../smaller.ts";
import { askedOnce } from "./secret.ts";
import { giveSessionKey } from "./session-key.ts";
import { giveVisitorKey } from "./visitor-key.ts";
import { ROOT, wrangler } from "./wrangler.ts";

/** What stops a deployment, as people are told it. */
class Stopped extends Error {}

const ask = (args: readonly string[]) => wrangler(args, "caller");

const options = readOptions(process.argv.slice(2));
switch (options.kind) {
  case "help":
    console.log(HELP);
    break;
  case "wrong":
    fail(options.message);
    break;
  case "deploy":
    try {
      await buildConsole();
      await deploy(options);
    } catch (error) {
      if (!(error instanceof Stopped)) throw error;
      fail(error.message);
    }
    break;
}

async function deploy(wanted: Deployment): Promise<void> {
  const { env, dryRun, snapshot } = wanted;
  const before = { control: textOf(FILES.control), gateway: textOf(FILES.gateway) };
  if (snapshot !== undefined && !existsSync(join(ROOT, snapshot)))
    throw new Stopped(
      `There is no ${snapshot}. Write it with: npx sy export --snapshot ${snapshot}`,
    );
  const isKnown = env === undefined || WORKERS.every((name) => hasEnvironment(before[name], env));
  // An environment that is made now takes nothing of production's.
  if (isKnown) agree(env);
  const texts = prepared(before, wanted);
  const kv = chosenKv(texts, wanted);
  if (dryRun) return tryOut(wanted, before, texts, kv, isKnown);

  const first = !found(
    isDeployed(ask, env),
    "It is not known what is deployed already. Log in with npx wrangler login, or in CI set CLOUDFLARE_API_TOKEN:",
  );
  if (!first && !wanted.skipsCheck) {
    const fault = releaseFault();
    if (fault !== undefined) throw new Stopped(fault);
  }
  const withPlace = await withHubPlace(texts, wanted, first);
  const id = kv ?? namespace(env, first);
  const after = bound(withPlace, id, env);
  for (const name of WORKERS) write(FILES[name], before[name], after[name]);
  if (!isKnown) agree(env);

  const targets = await upload(wanted);
  // Who deploys one alone has seen to the other; the key of visitors needs both.
  if (targets.size === WORKERS.length) giveKeys(env, first);
  console.log(answering(targets).join("\n"));
  if (first) console.log(nextSteps(targets, env).join("\n"));
}

function agree(env: string | undefined): void {
  let apart: string[];
  try {
    apart = disagreements(ROOT, env);
  } catch (error) {
    throw new Stopped(error instanceof Error ? error.message : String(error));
  }
  if (apart.length > 0) throw new Stopped(apart.join("\n"));
}

/** The namespace that is asked for, or that the files name. */
function chosenKv(texts: Texts, { kv, env }: Deployment): string | undefined {
  const named = new Map(WORKERS.map((name) => [FILES[name], kvIdOf(texts[name], env)]));
  const choice = chooseKv(kv, named);
  if ("wrong" in choice) throw new Stopped(choice.wrong);
  return "id" in choice ? choice.id : undefined;
}

/** The namespace of a first deployment, made where the account has none. Of a later one it is not guessed: an empty one would serve nobody. */
function namespace(env: string | undefined, first: boolean): string {
  const title = titleOf(env);
  const there = found(namespaceOf(ask, title), "The KV namespaces cannot be listed:");
  if (!first) {
    const hint = there === undefined ? "ID" : there;
    throw new Stopped(
      `The Workers are deployed, and the files here name no KV namespace. Say which one they have: npm run deploy -- --kv ${hint}, ` +
        `${there === undefined ? "by npx wrangler kv namespace list" : `if ${title} is it`}. Then commit the files.`,
    );
  }
  if (there !== undefined) {
    console.log(`KV: the account has a namespace ${title}, ${there}; it is taken`);
    return there;
  }
  const id = found(madeNamespace(ask, title), `KV: ${title} could not be made:`);
  console.log(`KV: made the namespace ${title}, ${id}`);
  return id;
}

async function withHubPlace(
  texts: Texts,
  { env, hubLocation, order }: Deployment,
  first: boolean,
): Promise<Texts> {
  if (hubLocation !== undefined && !first)
    throw new Stopped(
      "The hub is made already, and stays where it is: --hub-location is for the first deployment.",
    );
  if (hubLocation !== undefined) return placed(texts, hubLocation, env);
  const isAsked =
    first && process.stdin.isTTY && order.includes("control") && !isPlaced(texts, env);
  return isAsked ? placed(texts, await askPlace(process.stdin, process.stdout), env) : texts;
}

async function upload(wanted: Deployment): Promise<Map<WorkerName, readonly string[]>> {
  const { order, env, dryRun } = wanted;
  const done = new Map<WorkerName, readonly string[]>();
  // What cannot be built leaves both Workers as they are.
  const built = order.includes("gateway") ? await smallGateway(wanted) : [];
  for (const name of order) {
    const flags = dryRun ? ["--dry-run", "--outdir", join("dist", name)] : [];
    const source = name === "gateway" ? built : [];
    const ran = wrangler(["deploy", ...source, ...flagsOf(name, env), ...flags], "all");
    if (ran.status !== 0) throw new Stopped(stopped(name, [...done.keys()]));
    done.set(name, ran.targets);
  }
  return done;
}

/** Builds what carries traffic as small as it gets. Returns how wrangler is told to upload that as it is. */
async function smallGateway({ env, snapshot }: Deployment): Promise<string[]> {
  const folder = join("dist", "gateway");
  const flags = ["--dry-run", "--outdir", folder];
  if (snapshot !== undefined) flags.push("--alias", `#snapshot:${join(ROOT, snapshot)}`);
  if (wrangler(["deploy", ...flagsOf("gateway", env), ...flags], "errors").status !== 0)
    throw new Stopped(stopped("gateway", []));
  await makeSmaller(join(ROOT, folder)).catch((error: unknown) => {
    throw new Stopped(
      `The gateway cannot be made smaller, and nothing was uploaded: ${String(error)}`,
    );
  });
  return [join(folder, "index.js"), "--no-bundle", "--minify=false"];
}

function giveKeys(env: string | undefined, first: boolean): void {
  const run = askedOnce((args, input) => wrangler(args, "errors", input));
  for (const give of [giveVisitorKey, giveSessionKey]) {
    const { ok, said } = give(run, env, first);
    if (!ok) throw new Stopped(said);
    if (said !== "") console.log(said);
  }
}

/** Builds both, and says what a deployment would do. Asks nobody, and writes nothing but what is built. */
async function tryOut(
  wanted: Deployment,
  before: Texts,
  texts: Texts,
  kv: string | undefined,
  isKnown: boolean,
): Promise<void> {
  const { env, order, hubLocation } = wanted;
  const title = titleOf(env);
  const withPlace = hubLocation === undefined ? texts : placed(texts, hubLocation, env);
  const after = kv === undefined ? withPlace : bound(withPlace, kv, env);
  // The sections of a new environment are not in the files yet: what is built is the same.
  await upload({ ...wanted, env: isKnown ? env : undefined });
  const would = [
    ...WORKERS.flatMap((name) => newLines(name, before, after)),
    kv === undefined
      ? `KV: ${title} would be looked for at a first deployment, made where there is none, and its id written into both files`
      : `KV: both Workers would have ${kv}`,
    ...(isPlaced(after, env)
      ? []
      : ["HUB_LOCATION: would be asked for once, at a first deployment from a terminal"]),
    ...(wanted.skipsCheck
      ? []
      : [
          "policies: sy doctor --release would look first whether all that is stored is valid, where SY_URL is set",
        ]),
    `upload: ${order.map((name) => `${name} (${FILES[name]})`).join(", then ")}`,
    ...(order.length < WORKERS.length
      ? []
      : [
          "VISITOR_KEY: would be made where neither Worker has one",
          "SESSION_KEY: would be made where control has none",
        ]),
  ];
  console.log(would.join("\n"));
}

function stopped(name: WorkerName, done: readonly WorkerName[]): string {
  const rest = done.length > 0 ? `, but ${done.join(" and ")} is: both releases work together` : "";
  return `${name} is not deployed${rest}. Repeat it once the reason above is mended.`;
}

function found<T>(it: Found<T>, otherwise: string): T {
  if (it.ok) return it.value;
  throw new Stopped(`${otherwise}\n${it.said}`);
}

function textOf(file: string): string {
  return readFileSync(join(ROOT, file), "utf8");
}

function write(file: string, before: string, after: string): void {
  if (after === before) return;
  writeFileSync(join(ROOT, file), after);
  console.log(`${file}: changed, commit it`);
}

function fail(message: string): void {
  console.error(message);
  process.exitCode = 1;
}
