/** What a deployment changes in the Workers' configuration files: their text is people's, so nothing else of it moves. */

/** The binding whose namespace both Workers share. */
const KV = "ROUTING_CONFIG";

/** What Cloudflare calls a namespace by. */
const KV_ID = /^[0-9a-f]{32}$/;

/** A table of an array, from its header to the next table or the end. */
const TABLE = /^\[\[kv_namespaces\]\][^\n]*(?:\n(?!\s*\[)[^\n]*)*/gm;

const ID_LINE = /^[ \t]*id[ \t]*=[ \t]*"([^"]*)"[^\n]*$/m;

const BINDING_LINE = new RegExp(`^[ \\t]*binding[ \\t]*=[ \\t]*"${KV}"[^\\n]*$`, "m");

function tableOf(text: string): string {
  const table = text.match(TABLE)?.find((one) => BINDING_LINE.test(one));
  if (table === undefined) throw new Error(`it has no [[kv_namespaces]] with binding = "${KV}"`);
  return table;
}

/** The id of the namespace that a file binds; `undefined` where it names none. Throws where it binds none at all. */
export function kvIdOf(text: string): string | undefined {
  const id = ID_LINE.exec(tableOf(text))?.[1];
  return id === "" ? undefined : id;
}

/** The file with this namespace bound. */
export function withKvId(text: string, id: string): string {
  const table = tableOf(text);
  const line = `id = "${id}"`;
  const changed = ID_LINE.test(table)
    ? table.replace(ID_LINE, line)
    : table.replace(BINDING_LINE, (binding) => `${binding}\n${line}`);
  return text.replace(table, () => changed);
}

const PREVIEWS = /^[ \t]*preview_urls[ \t]*=[^\n]*$/m;

/** The file with previews off: one would be production under another address. */
export function withoutPreviews(text: string): string {
  const off = "preview_urls = false";
  // Keys of the whole file stand before its first table.
  const top = text.search(/^[ \t]*\[/m);
  const head = top === -1 ? text : text.slice(0, top);
  const rest = text.slice(head.length);
  return PREVIEWS.test(head) ? head.replace(PREVIEWS, off) + rest : `${off}\n${text}`;
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
