/** Changes of wrangler's files as text: they are people's, so nothing else of them moves, no comment and no order. */

/** One table of a file: its header line and what stands below it. */
export interface Table {
  /** `vars`, `env.staging.kv_namespaces`. */
  readonly name: string;
  /** Whether it is one of several of that name. */
  readonly isListed: boolean;
  readonly text: string;
}

const HEADER = /^[ \t]*(\[\[?)[ \t]*([\w.-]+)[ \t]*\]\]?/;

/** What stands before the first table: the keys of the whole file. */
export function headOf(text: string): string {
  const first = text.search(/^[ \t]*\[/m);
  return first === -1 ? text : text.slice(0, first);
}

/** The tables of a file, in its order; each goes to the next header, comments before that included. */
export function tablesOf(text: string): Table[] {
  return text
    .slice(headOf(text).length)
    .split(/^(?=[ \t]*\[)/m)
    .flatMap((table) => {
      const [, brackets, name] = HEADER.exec(table) ?? [];
      return name === undefined ? [] : [{ name, isListed: brackets === "[[", text: table }];
    });
}

/** What a table is called in an environment; the file's own where there is none. */
export const inEnv = (env: string | undefined, table: string): string =>
  env === undefined ? table : `env.${env}.${table}`;

/** The line that gives a key its value, as a pattern; `$1` is the value. */
export const lineOf = (key: string): RegExp =>
  new RegExp(`^[ \\t]*${key}[ \\t]*=[ \\t]*(.*?)[ \\t]*(?:#[^"\\n]*)?$`, "m");

/** A value of the vars as it is written there, quotes included; `undefined` where it is not there. */
export function varIn(text: string, env: string | undefined, name: string): string | undefined {
  const table = tablesOf(text).find((one) => one.name === inEnv(env, "vars"));
  return table === undefined ? undefined : lineOf(name).exec(table.text)?.[1];
}

/** The file with this var, in place of the one that is there or behind the last one. */
export function withVar(
  text: string,
  env: string | undefined,
  name: string,
  value: string | number,
): string {
  const line = `${name} = ${JSON.stringify(value)}`;
  const table = tablesOf(text).find((one) => one.name === inEnv(env, "vars"));
  if (table === undefined) return `${text.trimEnd()}\n\n[${inEnv(env, "vars")}]\n${line}\n`;
  const changed = lineOf(name).test(table.text)
    ? table.text.replace(lineOf(name), () => line)
    : table.text.replace(
        /^((?:[ \t]*[\w[][^\n]*\n?)+)/,
        (lines) => `${lines.trimEnd()}\n${line}\n`,
      );
  return text.replace(table.text, () => changed);
}
