import * as v from "valibot";

import type { Client } from "../../api/client/ask.ts";
import { putRoute } from "../../api/client/edits.ts";
import { getRoute } from "../../api/client/reads.ts";
import { Refused } from "../../api/client/refused.ts";
import { diff } from "../../policy/diff.ts";
import { Failure } from "../failure.ts";
import type { Line } from "./lines.ts";

const LineSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.looseObject({ key: v.string(), policy: v.unknown() }),
);

type ImportOutcome = "created" | "replaced" | "same";

interface ImportOptions {
  readonly replace: boolean;
  readonly note: string | undefined;
}

/** Brings one route in. One that is there already and says something else is left alone unless it may be replaced. */
export async function importRoute(
  client: Client,
  { text }: Line,
  { replace, note: why }: ImportOptions,
): Promise<ImportOutcome> {
  const parsed = v.safeParse(LineSchema, text);
  if (!parsed.success) throw new Failure("is not a route", 'write {"key": …, "policy": …}');
  const { key, policy } = parsed.output;
  try {
    // Made twice it is refused the second time, and found to be the same below.
    await putRoute(client, key, policy, { from: undefined, note: why, harmlessTwice: true });
    return "created";
  } catch (error) {
    if (!(error instanceof Refused) || error.code !== "precondition-failed") throw error;
  }
  const route = await getRoute(client, key);
  if (diff(route.policy, policy).length === 0) return "same";
  if (!replace)
    throw new Failure(`"${key}" is there already, with another policy`, "add --replace");
  await putRoute(client, key, policy, { from: route.version, note: why, allowReshuffle: true });
  return "replaced";
}

/** Whether a refusal is about this line alone: all others would meet every line, and end the run. */
export function isOfThisLine(error: unknown): error is Failure {
  if (!(error instanceof Failure) || error.code === "unreachable" || error.code === "no-api")
    return false;
  return !(error instanceof Refused) || ![401, 403, 429, 500, 503].includes(error.status);
}
