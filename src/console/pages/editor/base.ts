import type { Route } from "../../../api/client/reads.ts";
import { readJson } from "../../../lib/json.ts";
import type { Draft } from "./drafts.ts";

/** What an edit begins with. */
export interface Base {
  /** `undefined` for a route that is to be made; 0 for one that only KV has. */
  readonly version: number | undefined;
  readonly policy: unknown;
  readonly text: string;
}

/** A policy as the console writes it. */
export const written = (policy: unknown): string => `${JSON.stringify(policy, null, 2)}\n`;

/** What the text of a route that is not there yet begins with. */
const BEGINNING = written({ origin: "https://www.example.com" });

/** What an edit goes on from that was not saved the last time: its own version, which need not be the newest any more. */
export function baseOfDraft({ version, base }: Draft): Base {
  return { version, policy: version === undefined ? undefined : readJson(base), text: base };
}

/** What an edit of a route begins with; of none, a first policy to go on from. */
export function baseOf(route: Route | undefined): Base {
  if (route === undefined) return { version: undefined, policy: undefined, text: BEGINNING };
  const { version, policy, drift } = route;
  if (policy === null) return { version, policy: undefined, text: drift?.text ?? BEGINNING };
  return { version, policy, text: written(policy) };
}
