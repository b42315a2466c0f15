/** What a deployment changes in the Workers' configuration files. */
import { headOf, inEnv, lineOf, tablesOf } from "./toml.ts";

/** The binding whose namespace both Workers share. */
export const KV = "ROUTING_CONFIG";

/** What Cloudflare calls a namespace by. */
const KV_ID = /^[0-9a-f]{32}$/;

const ID_LINE = /^[ \t]*id[ \t]*=[ \t]*"([^"]*)"[^\n]*$/m;

const BINDING_LINE = new RegExp(`^[ \\t]*binding[ \\t]*=[ \\t]*"${KV}"[^\\n]*$`, "m");

function tableOf(text: string, env: string | undefined): string {
  const name = inEnv(env, "kv_namespaces");
  const table = tablesOf(text).find((one) => one.name === name && BINDING_LINE.test(one.text));
  if (table === undefined) throw new Error(`it has no [[${name}]] with binding = "${KV}"`);
  return table.text;
}

/** The id of the namespace that a file binds; `undefined` where it names none. Throws where it binds none at all. */
export function kvIdOf(text: string, env?: string): string | undefined {
  const id = ID_LINE.exec(tableOf(text, env))?.[1];
  return id === "" ? undefined : id;
}

/** The file with this namespace bound. */
export function withKvId(text: string, id: string, env?: string): string {
  const table = tableOf(text, env);
  const line = `id = "${id}"`;
  const changed = ID_LINE.test(table)
    ? table.replace(ID_LINE, line)
    : table.replace(BINDING_LINE, (binding) => `${binding}\n${line}`);
  return text.replace(table, () => changed);
}

/** The file with previews off: one would be production under another address. */
export function withoutPreviews(text: string): string {
  const off = "preview_urls = false";
  const head = headOf(text);
  const rest = text.slice(head.length);
  const line = lineOf("preview_urls");
  return line.test(head) ? head.replace(line, off) + rest : `${off}\n${text}`;
}

/** Which namespace is meant, or why that is not known. */
export type Choice = { readonly id: string } | { readonly none: true } | { readonly wrong: string };

/** Chooses between what is asked for and what the files name. */
export function chooseKv(
  asked: string | undefined,
  named: ReadonlyMap<string, string | undefined>,
): Choice {
  const ids = new Set([...named.values()].filter((id) => id !== undefined));
  const [only] = ids;
  const id = asked ?? only;
  if (id === undefined) return { none: true };
  if (!KV_ID.test(id))
    return {
      wrong: `"${id}" is not the id of a KV namespace: 32 hexadecimal digits; see npx wrangler kv namespace list`,
    };
  if (asked === undefined && ids.size > 1) {
    const each = [...named].map(([file, one]) => `${file} names ${one ?? "none"}`).join(", ");
    return {
      wrong: `the Workers must share one KV namespace, but ${each}; say which with --kv ID`,
    };
  }
  return { id };
}
