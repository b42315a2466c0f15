import { randomBytes } from "node:crypto";

import {
  timeOfDescription,
  urlOfDescription,
  type RequestDescription,
} from "../decide/request-description.ts";
import { explainRequest, type Explained } from "../decide/explain-request.ts";
import { compile } from "../policy/compile.ts";
import { candidatesOf } from "../policy/keys.ts";
import { Failure } from "./failure.ts";
import type { RoutePolicy } from "./source/local.ts";

/** Decides a described request by a policy at hand, with the engine of the gateway. A newcomer draws a random id. QA links are not followed: their secret is the server's. Throws a failure where the request leads to another route. */
export function explainLocally(
  { key, policy }: RoutePolicy,
  described: RequestDescription,
  now: number,
): Explained {
  const { url, path } = urlOfDescription(described);
  const candidates = candidatesOf(url.hostname, path, { host: true, path: true });
  const candidate = candidates.find((one) => one.key === key);
  if (candidate === undefined) {
    const keys = candidates.map((one) => one.key).join(", ");
    const message = `the described request does not lead to "${key}"`;
    throw new Failure(message, `it leads to: ${keys}`, { code: "request-elsewhere" });
  }
  return explainRequest(compile(policy, key), described, {
    candidate,
    now: timeOfDescription(described, now),
    newcomer: randomBytes(16).toString("base64url"),
    override: undefined,
  });
}
