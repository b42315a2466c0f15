import type { ActionName } from "../../policy/actions/names.ts";
import type { Edited } from "../edited.ts";
import type { GoalsRequest } from "../goals.ts";
import type { Client } from "./ask.ts";
import { request } from "./request.ts";

/** How an edit is made. */
export interface Edit {
  /** The version it is made from; `undefined` for a route that must be new. */
  readonly from: number | undefined;
  readonly note?: string | undefined;
  readonly allowReshuffle?: boolean | undefined;
  /** Whether to go ahead over what was written to KV by hand, or over what somebody has taken back. */
  readonly override?: boolean | undefined;
  /** As in a request of the client. */
  readonly harmlessTwice?: boolean;
}

function conditional({ from }: Edit): Record<string, string> {
  return from === undefined ? { "if-none-match": "*" } : { "if-match": `"${from}"` };
}

function written({ note, allowReshuffle, override }: Edit): Record<string, unknown> {
  const said = Object.entries({ note, allowReshuffle, override });
  return Object.fromEntries(said.filter(([, value]) => value !== undefined));
}

/** Puts a whole policy. `apply` says that it comes from the file that is the route's source. */
export async function putRoute(
  client: Client,
  key: string,
  policy: unknown,
  { apply, ...edit }: Edit & { readonly apply?: boolean },
): Promise<Edited> {
  const body = { policy, ...written(edit), ...(apply === true ? { apply } : {}) };
  const headers = conditional(edit);
  const { harmlessTwice = false } = edit;
  return request(client, "putRoute", { params: { key }, body, headers, harmlessTwice });
}

type Posted = "deleteRoute" | "adopt";

async function post(client: Client, id: Posted, key: string, edit: Edit): Promise<Edited> {
  return request(client, id, { params: { key }, body: written(edit), headers: conditional(edit) });
}

/** Deletes a route; its history stays. */
export async function deleteRoute(client: Client, key: string, edit: Edit): Promise<Edited> {
  return post(client, "deleteRoute", key, edit);
}

/** Takes what was written to KV by hand into the history. */
export async function adoptRoute(client: Client, key: string, edit: Edit): Promise<Edited> {
  return post(client, "adopt", key, edit);
}

/** Makes an earlier version's policy the newest version; brings deleted routes back too. */
export async function rollbackRoute(
  client: Client,
  key: string,
  { version, ...edit }: Edit & { readonly version: number },
): Promise<Edited> {
  const body = { version, ...written(edit) };
  return request(client, "rollback", { params: { key }, body, headers: conditional(edit) });
}

/** Does one of the named actions; `parameters` are its own. */
export async function runAction(
  client: Client,
  key: string,
  action: ActionName,
  { parameters = {}, ...edit }: Edit & { readonly parameters?: object },
): Promise<Edited> {
  const body = { ...parameters, ...written(edit) };
  const headers = conditional(edit);
  return request(client, "runAction", { params: { key, action }, body, headers });
}

/** Puts the newest version to KV over whatever is there. */
export async function republishRoute(client: Client, key: string, edit: Edit) {
  const { allowReshuffle: _unused, ...body } = written(edit);
  return request(client, "republish", { params: { key }, body, headers: conditional(edit) });
}

/** Tells conversions that are known elsewhere, a thousand at most; one with an `id` counts once, however often it is told. */
export async function postGoals(client: Client, key: string, goals: GoalsRequest["goals"]) {
  return request(client, "postGoals", { params: { key }, body: { goals }, harmlessTwice: true });
}

/** Deletes all that is kept of a visitor of a route. */
export async function forgetVisitor(client: Client, key: string, digest: string) {
  return request(client, "forgetVisitor", { params: { key, digest }, harmlessTwice: true });
}
