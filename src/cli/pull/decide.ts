import type { Client } from "../../api/client/ask.ts";
import { listVersions, readVersion, type Route } from "../../api/client/reads.ts";
import { diff } from "../../policy/diff.ts";
import type { PolicyFile } from "../source/files.ts";

/** Earlier versions that a file is held against: one that is older than that was not pulled lately. */
const MAX_VERSIONS = 20;

/** What is to become of a route's file. */
export type Decision =
  | { readonly kind: "create" }
  | { readonly kind: "same" }
  /** The file says what an earlier version said, so nobody has changed it since. */
  | { readonly kind: "update"; readonly from: number }
  /** The file says what no version said: somebody has changed it, or it is not valid. */
  | { readonly kind: "changed"; readonly why: string };

const says = (policy: unknown, other: unknown): boolean => diff(policy, other).length === 0;

/** What pulling a route does to its file. */
export async function decide(
  client: Client,
  route: Route,
  file: PolicyFile | undefined,
): Promise<Decision> {
  if (file === undefined) return { kind: "create" };
  if (!file.ok) return { kind: "changed", why: "is not valid" };
  if (says(route.policy, file.policy)) return { kind: "same" };
  const { versions } = await listVersions(client, route.key, MAX_VERSIONS);
  for (const { version, deleted } of versions) {
    if (deleted || version === route.version) continue;
    const earlier = await readVersion(client, route.key, version);
    if (says(earlier.policy, file.policy)) return { kind: "update", from: version };
  }
  return { kind: "changed", why: `says what none of the newest ${MAX_VERSIONS} versions says` };
}
