/** What the account has already, so that nobody is asked for it. */
import * as v from "valibot";

import { KV } from "./files.ts";
import { flagsOf, WORKERS } from "./options.ts";
import type { Ran } from "./wrangler.ts";

/** Cloudflare's code for a Worker that the account does not have. */
const NO_SUCH_WORKER = 10_007;

/** Runs wrangler where nobody hears it but the caller. */
export type Ask = (args: readonly string[]) => Pick<Ran, "status" | "stdout" | "stderr" | "code">;

/** What was found out, or what wrangler says where that could not be. */
export type Found<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly said: string };

const NamespacesSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.array(v.object({ id: v.string(), title: v.string() })),
);

const sayings = ({
  stdout,
  stderr,
}: {
  readonly stdout: string;
  readonly stderr: string;
}): string => `${stdout}${stderr}`.trim();

/** Whether any of the Workers has been deployed before. */
export function isDeployed(ask: Ask, env: string | undefined): Found<boolean> {
  for (const name of WORKERS) {
    const ran = ask(["deployments", "list", "--json", ...flagsOf(name, env)]);
    if (ran.status === 0) return { ok: true, value: true };
    if (ran.code !== NO_SUCH_WORKER) return { ok: false, said: sayings(ran) };
  }
  return { ok: true, value: false };
}

/** What the namespace of an environment is called in the account. */
export const titleOf = (env: string | undefined): string =>
  env === undefined ? KV : `${KV}-${env}`;

/** The id of the namespace of that title; nothing where there is none. */
export function namespaceOf(ask: Ask, title: string): Found<string | undefined> {
  const ran = ask(["kv", "namespace", "list"]);
  const listed = v.safeParse(NamespacesSchema, ran.stdout);
  if (ran.status !== 0 || !listed.success) return { ok: false, said: sayings(ran) };
  return { ok: true, value: listed.output.find((one) => one.title === title)?.id };
}

/** Makes a namespace; gives its id. */
export function madeNamespace(ask: Ask, title: string): Found<string> {
  const ran = ask(["kv", "namespace", "create", title]);
  const id = /\b[0-9a-f]{32}\b/.exec(ran.stdout)?.[0];
  return ran.status === 0 && id !== undefined
    ? { ok: true, value: id }
    : { ok: false, said: sayings(ran) };
}
