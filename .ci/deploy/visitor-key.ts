import { randomBytes } from "node:crypto";

import * as v from "valibot";

import { FILES, type WorkerName } from "./options.ts";

/** The secret that both Workers make visitors' digests with. */
const SECRET = "VISITOR_KEY";

const KEY_BYTES = 16;

/** Runs wrangler with these arguments; `input` is what it reads instead of a terminal. */
export type Wrangler = (
  args: readonly string[],
  input?: string,
) => { readonly status: number | null; readonly stdout: string };

const ListSchema = v.pipe(v.string(), v.parseJson(), v.array(v.object({ name: v.string() })));

/** Whether a Worker has the secret; `undefined` where wrangler cannot tell. */
function hasKey(wrangler: Wrangler, name: WorkerName): boolean | undefined {
  const { status, stdout } = wrangler(["secret", "list", "--config", FILES[name]]);
  const listed = v.safeParse(ListSchema, stdout);
  if (status !== 0 || !listed.success) return undefined;
  return listed.output.some((secret) => secret.name === SECRET);
}

const BY_HAND = `Both must have the same one, and nobody can read the one that is there. Give both a new one:
    KEY=$(openssl rand -hex ${KEY_BYTES})
${Object.values(FILES)
  .map((file) => `    printf %s "$KEY" | npx wrangler secret put ${SECRET} --config ${file}`)
  .join("\n")}`;

/**
 * Gives both Workers one new key where neither has any, and says what was done, or what is left to do.
 * The key stands in no argument, no file and no output.
 */
export function giveVisitorKey(wrangler: Wrangler): {
  readonly ok: boolean;
  readonly said: string;
} {
  const control = hasKey(wrangler, "control");
  const gateway = control === undefined ? undefined : hasKey(wrangler, "gateway");
  if (control === undefined || gateway === undefined)
    return {
      ok: false,
      said: `Both Workers are deployed, but it is not known whether they have a ${SECRET}. See: npx wrangler secret list`,
    };
  if (control && gateway) return { ok: true, said: "" };
  if (control || gateway)
    return {
      ok: false,
      said: `${control ? "control" : "gateway"} has a ${SECRET} and ${control ? "gateway" : "control"} has none: there are no figures of visitors. ${BY_HAND}`,
    };
  const key = randomBytes(KEY_BYTES).toString("hex");
  for (const name of ["control", "gateway"] as const) {
    const { status } = wrangler(["secret", "put", SECRET, "--config", FILES[name]], key);
    if (status !== 0) return { ok: false, said: `${name} did not get its ${SECRET}. ${BY_HAND}` };
  }
  return { ok: true, said: `${SECRET}: made, and given to both Workers.` };
}
