import { getRoute } from "../../api/client/reads.ts";
import { parseValue } from "../../policy/parse.ts";
import { accessFor, type AccessOptions } from "../access/access.ts";
import { Failure } from "../failure.ts";
import type { Io } from "../io.ts";
import { connect } from "../server.ts";
import { checkedKey } from "./key.ts";
import { localPolicy, type RoutePolicy } from "./local.ts";

/** Whether a name is a policy file's, and not a route's. */
export const isFile = (name: string): boolean => /\.(?:json|ya?ml)$/i.test(name);

/** The policy of a file, or of a live route where the name is not a file's. */
export async function policyNamed(
  io: Io,
  name: string,
  args: AccessOptions & { key?: string | undefined },
): Promise<RoutePolicy> {
  if (isFile(name)) return localPolicy(io, name, args.key, "*");
  const key = checkedKey(name);
  const { policy } = await getRoute(connect(await accessFor(io, args)), key);
  const parsed = parseValue(policy, { allowPrivateOrigins: true });
  if (parsed.ok) return { key, policy: parsed.policy };
  throw new Failure(`"${key}" has no valid policy`, "look at it with sy get");
}
