import * as v from "valibot";

import { flagsOf, type WorkerName } from "./options.ts";

/** Runs wrangler with these arguments; `input` is what it reads instead of a terminal. */
export type Wrangler = (
  args: readonly string[],
  input?: string,
) => { readonly status: number | null; readonly stdout: string };

/** Runs wrangler, and once alone where it is only asked something, with the same words: each start takes a second. */
export function askedOnce(wrangler: Wrangler): Wrangler {
  const answers = new Map<string, ReturnType<Wrangler>>();
  return (args, input) => {
    if (input !== undefined) return wrangler(args, input);
    const question = args.join(" ");
    const answer = answers.get(question) ?? wrangler(args);
    answers.set(question, answer);
    return answer;
  };
}

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
