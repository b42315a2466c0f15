import { me } from "../../../api/client/reads.ts";
import { covers } from "../../../lib/scope.ts";
import { client } from "../../data/client.ts";

/** Whether the person here may write a route: others are shown it to read. */
export async function mayWrite(key: string): Promise<boolean> {
  const { role, scope } = await me(client);
  return role === "write" && scope.some((pattern) => covers(pattern, key));
}
