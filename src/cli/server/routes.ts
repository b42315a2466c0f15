import { setTimeout as sleep } from "node:timers/promises";

import * as v from "valibot";

import type { Plan } from "../../preview/plan.ts";
import type { ActionName } from "../../policy/actions/schema.ts";
import { Failure } from "../failure.ts";
import { Refused, type Answer, type Client } from "./client.ts";

const PlanSchema = v.custom<Plan>(
  (value) => typeof value === "object" && value !== null && "changes" in value && "paths" in value,
);

const RouteSchema = v.object({
  key: v.string(),
  version: v.number(),
  published: v.number(),
  policy: v.unknown(),
  author: v.nullable(v.string()),
  at: v.nullable(v.string()),
  note: v.string(),
  deed: v.nullable(v.string()),
  drift: v.nullable(v.object({ text: v.nullable(v.string()), tooLong: v.boolean() })),
});

/** A route as the API tells it. `policy` is null where only KV has one. */
export type Route = v.InferOutput<typeof RouteSchema>;

const WrittenSchema = v.object({
  key: v.string(),
  version: v.number(),
  published: v.number(),
  unchanged: v.boolean(),
  plan: v.optional(PlanSchema),
});

/** What an accepted edit came to. */
export type Written = v.InferOutput<typeof WrittenSchema>;

const VersionSchema = v.object({
  version: v.number(),
  deleted: v.boolean(),
  author: v.string(),
  at: v.string(),
  note: v.string(),
  deed: v.string(),
});

/** One line of a route's history. */
export type VersionLine = v.InferOutput<typeof VersionSchema>;

const VersionsSchema = v.object({
  versions: v.array(VersionSchema),
  cursor: v.nullable(v.string()),
});

const RoutesSchema = v.object({
  routes: v.array(v.object({ key: v.string(), version: v.nullable(v.number()) })),
  cursor: v.nullable(v.string()),
});

/** One page of the routes there are. */
export type RoutesPage = v.InferOutput<typeof RoutesSchema>;

/** An answer's body in its form; throws a failure where a gateway of another age answers differently. */
export function bodyOf<TSchema extends v.GenericSchema>(
  schema: TSchema,
  { body }: Answer,
): v.InferOutput<TSchema> {
  const result = v.safeParse(schema, body);
  if (result.success) return result.output;
  throw new Failure(
    "the API answers in a form this sy does not know",
    "use the sy of the gateway's own version",
    { code: "no-api" },
  );
}

/** The API's path of a route. */
export const pathOf = (key: string, below = ""): string =>
  `/routes/${encodeURIComponent(key)}${below}`;

/** A route, or `undefined` where there is none. */
export async function findRoute(client: Client, key: string): Promise<Route | undefined> {
  try {
    return bodyOf(RouteSchema, await client({ path: pathOf(key) }));
  } catch (error) {
    if (error instanceof Refused && error.problem.code === "route-not-found") return undefined;
    throw error;
  }
}

/** A route that must be there. */
export async function getRoute(client: Client, key: string): Promise<Route> {
  return bodyOf(RouteSchema, await client({ path: pathOf(key) }));
}

/** How an edit is made. */
export interface Edit {
  readonly note?: string | undefined;
  readonly allowReshuffle?: boolean | undefined;
  /** The version it is made from; `undefined` for a route that must be new. */
  readonly from: number | undefined;
  /** As in a request of the client. */
  readonly harmlessTwice?: boolean;
}

function conditional({ from }: Edit): Record<string, string> {
  return from === undefined ? { "if-none-match": "*" } : { "if-match": `"${from}"` };
}

const written = ({ note, allowReshuffle }: Edit) => ({
  ...(note === undefined ? {} : { note }),
  ...(allowReshuffle === undefined ? {} : { allowReshuffle }),
});

/** Puts a whole policy. */
export async function putRoute(
  client: Client,
  key: string,
  policy: unknown,
  edit: Edit,
): Promise<Written> {
  const body = { policy, ...written(edit) };
  const { harmlessTwice = false } = edit;
  const ask = { method: "PUT", path: pathOf(key), body, headers: conditional(edit) } as const;
  return bodyOf(WrittenSchema, await client({ ...ask, harmlessTwice }));
}

/** Deletes a route; its history stays. */
export async function deleteRoute(client: Client, key: string, edit: Edit): Promise<Written> {
  const body = edit.note === undefined ? {} : { note: edit.note };
  const headers = conditional(edit);
  return bodyOf(
    WrittenSchema,
    await client({ method: "DELETE", path: pathOf(key), body, headers }),
  );
}

/** Everything that is posted to a route and makes a version of it. */
export type Deed = `actions/${ActionName}` | "rollback" | "adopt";

/** Does one of the deeds to a route. */
export async function postDeed(
  client: Client,
  key: string,
  deed: Deed,
  { parameters = {}, ...edit }: Edit & { readonly parameters?: object },
): Promise<Written> {
  const body = { ...parameters, ...written(edit) };
  const path = pathOf(key, `/${deed}`);
  return bodyOf(
    WrittenSchema,
    await client({ method: "POST", path, body, headers: conditional(edit) }),
  );
}

/** Whether KV has a route. */
async function isListed(client: Client, key: string): Promise<boolean> {
  for await (const { routes } of pagesOfRoutes(client, { prefix: key })) {
    if (routes.some((one) => one.key === key)) return true;
  }
  return false;
}

/** Between two looks at a route that KV does not have yet (ms), and until sy looks no longer. */
const LOOK_MS = 200;
const LOOKS = 75;

/**
 * Waits until KV has what was written, at most 15 seconds: KV takes one write a second for each key.
 * Gives back what is known by then; the API goes on trying.
 */
export async function settled(client: Client, edited: Written): Promise<Written> {
  let { published } = edited;
  for (let look = 0; look < LOOKS && published < edited.version; look += 1) {
    await sleep(LOOK_MS);
    const route = await findRoute(client, edited.key);
    // Of a deleted route the API tells no more; whether KV still has it, the list does.
    const isGone = route === undefined && !(await isListed(client, edited.key));
    published = isGone ? edited.version : (route?.published ?? published);
  }
  return { ...edited, published };
}

/** What a policy would do to a route, judged by the server that would serve it. */
export async function previewRoute(
  client: Client,
  key: string,
  policy: unknown,
  allowReshuffle: boolean,
): Promise<Plan> {
  const body = { policy, allowReshuffle };
  return bodyOf(PlanSchema, await client({ method: "POST", path: pathOf(key, "/preview"), body }));
}

/** The newest versions first. */
export async function listVersions(client: Client, key: string, limit: number, cursor?: string) {
  const query = { limit, cursor };
  return bodyOf(VersionsSchema, await client({ path: pathOf(key, "/versions"), query }));
}

/** What the list of routes is narrowed to. */
export interface Narrowed {
  readonly prefix?: string | undefined;
  /** A text anywhere in the key. */
  readonly q?: string | undefined;
  /** Routes on one page; 1000 at most, and where it is left out. */
  readonly limit?: number;
}

/** The routes there are, page by page, from a cursor on. */
export async function* pagesOfRoutes(
  client: Client,
  { limit = 1000, ...narrowed }: Narrowed,
  from?: string,
): AsyncGenerator<RoutesPage> {
  let cursor: string | null | undefined = from;
  do {
    const query = { ...narrowed, limit, cursor };
    const page: RoutesPage = bodyOf(RoutesSchema, await client({ path: "/routes", query }));
    yield page;
    cursor = page.cursor;
  } while (cursor !== null);
}
