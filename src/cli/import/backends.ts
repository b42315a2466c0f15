import { resolve } from "node:path";

import { parseValue } from "../../policy/parse.ts";
import { askLine } from "../ask.ts";
import { Failure, usage } from "../failure.ts";
import { readIfThere } from "../files/read.ts";
import { note, type Io } from "../io.ts";
import { readDocument } from "../source/document.ts";

const EXAMPLE = "--backend default/shop:80=https://shop.example.com";

/** An origin as people typed it; throws what is wrong with it, said of `what`. */
function checkedOrigin(what: string, origin: unknown): string {
  const parsed = parseValue(origin, { allowPrivateOrigins: true });
  const [issue] = parsed.ok ? [] : parsed.issues;
  if (typeof origin === "string" && issue === undefined) return origin;
  throw usage(
    `${what} ${issue === undefined ? "must be an origin's URL" : `is not an origin: ${issue.message}`}`,
    issue?.fix ?? `write for example "https://shop.example.com"`,
  );
}

/** `name=URL`; a name has no equals sign. */
function ofOption(option: string): [string, string] {
  const at = option.indexOf("=");
  if (at < 1) throw usage(`--backend must be name=URL, not "${option}"`, `write ${EXAMPLE}`);
  const name = option.slice(0, at);
  return [name, checkedOrigin(`--backend ${name}`, option.slice(at + 1))];
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A file with names and URLs, at its top or below `backends`; `null` stands for what does not exist. */
async function ofFile(io: Io, file: string): Promise<[string, string | null][]> {
  const text = await readIfThere(resolve(io.cwd, file));
  if (text === undefined) throw new Failure(`there is no file "${file}"`, "check --backends");
  const source = readDocument(text, /\.ya?ml$/i.test(file) ? "yaml" : "json");
  if (!source.ok) {
    const [first] = source.issues;
    throw new Failure(
      `${file}:${first?.line}:${first?.column}: ${first?.message}`,
      first?.fix ?? "mend it",
    );
  }
  const { value } = source;
  const map = isObject(value) && isObject(value["backends"]) ? value["backends"] : value;
  if (!isObject(map))
    throw new Failure(`"${file}" is not an object`, 'write {"default/shop:80": "https://…"}');
  return Object.entries(map).map(([name, origin]) => [
    name,
    origin === null ? null : checkedOrigin(`${file}: "${name}"`, origin),
  ]);
}

/** The origins that a command line names; an option goes ahead of the file. */
export async function backendsOf(
  io: Io,
  file: string | undefined,
  options: readonly string[],
): Promise<Map<string, string | null>> {
  const given = options.map(ofOption);
  const named = file === undefined ? [] : await ofFile(io, file);
  return new Map<string, string | null>([...named, ...given]);
}

/** Asks for the origins that are missing, one after another. An empty answer leaves the rest out. */
export async function askForBackends(
  io: Io,
  missing: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const answers = new Map<string, string>();
  for (const name of missing) {
    const answer = await askLine(io, `Origin of ${name}`);
    if (answer === "") break;
    try {
      answers.set(name, checkedOrigin(name, answer));
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      note(io, `${error.message}; ${error.fix}`);
      break;
    }
  }
  return answers;
}
