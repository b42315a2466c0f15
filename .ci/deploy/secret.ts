import * as v from "valibot";

import { flagsOf, type WorkerName } from "./options.ts";

/** Runs wrangler with these arguments; `input` is what it reads instead of a terminal. */
export type Wrangler = (
  args: readonly string[],
  input?: string,
) => { readonly status: number | null; readonly stdout: string };

const ListSchema = v.pipe(v.string(), v.parseJson(), v.array(v.object({ name: v.string() })));

/** Whether a Worker has a secret of that name; `undefined` where wrangler cannot tell. */
export function hasSecret(
  wrangler: Wrangler,
  worker: WorkerName,
  secret: string,
  env: string | undefined,
): boolean | undefined {
  const { status, stdout } = wrangler(["secret", "list", ...flagsOf(worker, env)]);
  const listed = v.safeParse(ListSchema, stdout);
  if (status !== 0 || !listed.success) return undefined;
  return listed.output.some(({ name }) => name === secret);
}
