import {
  timeOfDescription,
  urlOfDescription,
  type RequestDescription,
} from "../decide/request-description.ts";
import { explainRequest, type Explained } from "../decide/explain-request.ts";
import { murmur3 } from "../lib/hash.ts";
import { compile } from "../policy/compile.ts";
import { candidatesOf, type Candidate } from "../policy/keys.ts";
import { parse, parseValue } from "../policy/parse.ts";
import type { Policy } from "../policy/schema.ts";
import { warningsOf } from "../policy/warnings.ts";
import { actionOf } from "./action-of.ts";
import { mayDo } from "./auth.ts";
import { toBase64Url } from "../lib/base64url.ts";
import { ExplainRouteSchema, ExplainSchema } from "../api/explain.ts";
import { PreviewSchema } from "../api/preview.ts";
import { ValidateSchema } from "../api/validate.ts";
import { etag } from "./precondition.ts";
import { withLedger, withKv, bodyOf, iso, json, keyOf, policyOf, type Call } from "./call.ts";
import { overrideOfDescription } from "./override-state.ts";
import { versionOf } from "./history-handlers.ts";
import { boundedPlan } from "./bounded.ts";
import { errorOf } from "./edit-error.ts";
import { readWebhooks } from "../config/webhooks.ts";
import type { Change } from "../ledger/edit-types.ts";
import type * as v from "valibot";
import { ApiError } from "./api-error.ts";

/** The id of a visitor who was never there: 128 random bits, as the gateway gives it. */
const newcomer = () => toBase64Url(crypto.getRandomValues(new Uint8Array(16)));

/** Whether a policy is one, and all that is wrong with it. */
export async function validate(call: Call): Promise<Response> {
  const parsed = parseValue(bodyOf(call, ValidateSchema).policy, call.services.config);
  const issues = parsed.ok ? [] : parsed.issues;
  const receivers = [...readWebhooks(call.services.env).receivers.keys()];
  const warnings = parsed.ok ? warningsOf(parsed.policy, undefined, receivers) : [];
  return json({ valid: parsed.ok, issues, warnings });
}

async function explained(
  call: Call,
  described: RequestDescription,
  candidate: Candidate,
  policy: Policy,
): Promise<Explained> {
  const now = timeOfDescription(described, call.services.now());
  const compiled = compile(policy, candidate.key);
  const override = compiled.overridable
    ? await overrideOfDescription(described, candidate.key, now, call.services.config)
    : undefined;
  return explainRequest(compiled, described, { candidate, now, newcomer: newcomer(), override });
}

const candidatesFor = ({ services }: Call, described: RequestDescription): Candidate[] => {
  const { url, path } = urlOfDescription(described);
  return candidatesOf(url.hostname, path, services.config.tenantBy);
};

/** What the data plane would do with a request now: the key it leads to is looked up in KV, as there. */
export async function explainAny(call: Call): Promise<Response> {
  const { request } = bodyOf(call, ExplainSchema);
  const { config } = call.services;
  // What is out of scope is neither looked up nor waited for: the answer must not tell whether it is there.
  const all = candidatesFor(call, request);
  const candidates = all.filter(({ key }) => mayDo(call.caller, call.operation.role, key));
  if (candidates.length === 0) throw new ApiError("forbidden");
  const keys = candidates.map(({ key }) => key);
  const texts = await withKv(call, async (kv) => kv.get(keys, { type: "text" }));
  const candidate = candidates.find(({ key }) => texts.get(key) != null);
  const text = candidate && texts.get(candidate.key);
  if (candidate === undefined || text == null)
    throw new ApiError("route-not-found", `no policy under any of: ${keys.join(", ")}`);
  const ahead = all.slice(0, all.indexOf(candidate)).map(({ key }) => key);
  const outOfScope = ahead.filter((key) => !keys.includes(key));
  const parsed = parse(text, config);
  if (!parsed.ok)
    throw new ApiError("policy-refused", "the value in KV", { issues: parsed.issues });
  const answer = await explained(call, request, candidate, parsed.policy);
  const fingerprint = murmur3(text, 0).toString(16).padStart(8, "0");
  const aside = outOfScope.length === 0 ? {} : { outOfScope };
  return json({ ...answer, version: null, fingerprint, ...aside });
}

/** What the data plane would do with a request at a route: by its newest version, an earlier one, or a draft. */
export async function explainRoute(call: Call): Promise<Response> {
  const key = keyOf(call.params);
  const { request, version, policy } = bodyOf(call, ExplainRouteSchema);
  const candidates = candidatesFor(call, request);
  const candidate = candidates.find((one) => one.key === key);
  if (candidate === undefined)
    throw new ApiError(
      "request-elsewhere",
      `it leads to: ${candidates.map((one) => one.key).join(", ")}`,
    );
  if (policy !== undefined) {
    const parsed = parseValue(policy, { ...call.services.config, key });
    if (!parsed.ok) throw new ApiError("policy-refused", undefined, { issues: parsed.issues });
    return json({ ...(await explained(call, request, candidate, parsed.policy)), version: null });
  }
  const { text, version: number } =
    version === undefined ? await newest(call, key) : await versionOf(call, key, version);
  if (text === null) throw new ApiError("route-not-found", "this version deleted the route");
  const answer = await explained(call, request, candidate, policyOf(text, call));
  return json({ ...answer, version: number });
}

async function newest(call: Call, key: string) {
  const latest = await withLedger(call, key, async (ledger) => ledger.latest());
  if (latest === undefined) throw new ApiError("route-not-found");
  return latest;
}

/** What stands for an edit in a preview's body: just one of four. */
function changeOf(body: v.InferOutput<typeof PreviewSchema>): Change {
  if (body.version !== undefined) return { kind: "rollback", version: body.version };
  if (body.action !== undefined) {
    const { name, ...parameters } = body.action;
    return { kind: "act", action: actionOf(name, parameters) };
  }
  if ("patch" in body) return { kind: "patch", patch: body.patch };
  return { kind: "put", policy: body.policy, apply: body.apply ?? false };
}

/** What an edit would do to visitors, before it is made. */
export async function preview(call: Call): Promise<Response> {
  const key = keyOf(call.params);
  const body = bodyOf(call, PreviewSchema);
  const { request, allowReshuffle = false, override = false } = body;
  const time = call.services.now();
  const now = request === undefined ? time : timeOfDescription(request, time);
  const proposal = { key, change: changeOf(body), allowReshuffle, override, now, request };
  const outcome = await withLedger(call, key, async (ledger) => ledger.preview(proposal));
  if (!outcome.ok) throw errorOf(outcome.error);
  const { from, exists, takenBack, plan, ...rest } = outcome.value;
  return json({
    key,
    from,
    etag: exists ? etag(from) : null,
    ...rest,
    takenBack: takenBack === undefined ? null : { ...takenBack, at: iso(takenBack.at) },
    ...boundedPlan(plan),
  });
}
