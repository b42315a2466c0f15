import { leavesOf } from "../policy/leaves.ts";
import { urlOfDescription } from "../decide/request-description.ts";
import { TOKEN_PARAMETER, signToken, tokenKey } from "../override/token.ts";
import { isActionName } from "../policy/actions/names.ts";
import { compile } from "../policy/compile.ts";
import { candidatesOf } from "../policy/keys.ts";
import { AdoptSchema, RepublishSchema } from "../api/drift.ts";
import { LinkSchema } from "../api/links.ts";
import { EDIT_FIELDS } from "../api/shared.ts";
import { strictObject } from "../lib/strict-object.ts";
import { actionOf } from "./action-of.ts";
import { demand, parseBody } from "./body.ts";
import { withLedger, bodyOf, iso, json, keyOf, policyOf, type Call } from "./call.ts";
import { edit } from "./edit.ts";
import { DEFAULT_LINK_SECONDS } from "../api/limits.ts";
import { errorOf } from "./edit-error.ts";
import { precondition } from "./precondition.ts";
import { ApiError } from "./api-error.ts";

const WrittenSchema = strictObject(EDIT_FIELDS, "request");

/** Takes the fields that every edit has off a body; what is left are the action's own. */
function parted(body: unknown): { written: unknown; own: unknown } {
  if (typeof body !== "object" || body === null || Array.isArray(body))
    return { written: {}, own: body };
  const fields = Object.entries(body);
  const isWritten = ([name]: [string, unknown]) => Object.hasOwn(EDIT_FIELDS, name);
  return {
    written: Object.fromEntries(fields.filter(isWritten)),
    own: Object.fromEntries(fields.filter((field) => !isWritten(field))),
  };
}

/** One of the named actions: a pure change of the newest policy, by whoever may operate. */
export async function runAction(call: Call): Promise<Response> {
  const name = call.params["action"] ?? "";
  if (!isActionName(name)) throw new ApiError("not-found", "there is no such action");
  const { written, own } = parted(parseBody(call.text));
  const said = demand(WrittenSchema, written);
  const change = { kind: "act", action: actionOf(name, own) } as const;
  return edit(call, { ...said, detail: JSON.stringify(own), change });
}

/** Takes what somebody wrote to KV by hand into the history, as it is. */
export async function adopt(call: Call): Promise<Response> {
  const { allowReshuffle = true, ...said } = bodyOf(call, AdoptSchema);
  return edit(call, { ...said, allowReshuffle, change: { kind: "adopt" } });
}

/** Puts the newest version to KV over whatever is there. */
export async function republish(call: Call): Promise<Response> {
  const key = keyOf(call.params);
  const { note = "", override = false } = bodyOf(call, RepublishSchema);
  const expects = precondition(call.request.headers);
  const order = { expects, author: call.caller.name, note, override };
  const outcome = await withLedger(call, key, async (ledger) => ledger.republish(order));
  if (!outcome.ok) throw errorOf(outcome.error);
  return json({ key, ...outcome.value });
}

/** Signs a link that brings a tester to a variant, and writes down who asked for it. */
export async function makeLink(call: Call): Promise<Response> {
  const key = keyOf(call.params);
  const { variant, ttlSeconds = DEFAULT_LINK_SECONDS, url, note = "" } = bodyOf(call, LinkSchema);
  const { config, now } = call.services;
  if (config.overrideSecret === undefined) throw new ApiError("links-off");
  const latest = await withLedger(call, key, async (ledger) => ledger.latest());
  if (latest?.text == null) throw new ApiError("route-not-found");
  const leaves = [...leavesOf(compile(policyOf(latest.text, call), key))];
  const isThere = leaves.some(
    (leaf) => leaf.override !== "off" && leaf.variants.some(({ name }) => name === variant),
  );
  if (!isThere) throw new ApiError("unknown-variant", "or overrides are off where it stands");
  const target = url === undefined ? undefined : URL.parse(url);
  if (target === null || (target && !/^https?:$/.test(target.protocol)))
    throw new ApiError("body-invalid", '"url" is not an http or https URL');
  if (target !== undefined) {
    const { path } = urlOfDescription({ url: target.href });
    const leads = candidatesOf(target.hostname, path, config.tenantBy).some(
      (one) => one.key === key,
    );
    if (!leads) throw new ApiError("request-elsewhere");
  }
  const expiresAt = now() + ttlSeconds * 1000;
  const token = await signToken(
    { route: key, variant, expiresAt, environment: config.environment },
    await tokenKey(config.overrideSecret),
  );
  target?.searchParams.set(TOKEN_PARAMETER, token);
  const detail = `"${variant}" until ${iso(expiresAt)}`;
  const actor = call.caller.name;
  await withLedger(call, key, async (ledger) =>
    ledger.note({ actor, action: "link", note, detail }),
  );
  return json({ token, url: target?.href ?? null, expiresAt: iso(expiresAt) }, 201);
}
