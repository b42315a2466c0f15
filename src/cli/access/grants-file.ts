import * as v from "valibot";

import { ROLES, type Role } from "../../lib/roles.ts";
import { Failure } from "../failure.ts";
import { readIfThere } from "../files/read.ts";

/** Who may call the API: one entry of the secret `ADMIN_TOKENS`. */
export interface Grant {
  readonly name: string;
  readonly sha256: string;
  readonly role: Role;
  readonly scope: string | readonly string[];
}

const GrantsSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.array(
    v.strictObject({
      name: v.string(),
      sha256: v.string(),
      role: v.picklist(ROLES),
      scope: v.union([v.string(), v.array(v.string())]),
    }),
  ),
);

/** The entries of a file that holds what `ADMIN_TOKENS` is set to; none where there is no file. Throws a failure where it holds anything else. */
export async function readGrants(file: string): Promise<readonly Grant[]> {
  const text = await readIfThere(file);
  if (text === undefined || text.trim() === "") return [];
  const parsed = v.safeParse(GrantsSchema, text);
  if (parsed.success) return parsed.output;
  throw new Failure(
    `"${file}" is not a list of tokens as ADMIN_TOKENS holds it`,
    "mend it (docs/configuration.md has an example), or name another file",
  );
}

/** The text of such a file: an entry a line, so that a diff shows whom it is about. */
export const grantsText = (grants: readonly Grant[]): string =>
  `[\n${grants.map((grant) => `  ${JSON.stringify(grant)}`).join(",\n")}\n]\n`;
