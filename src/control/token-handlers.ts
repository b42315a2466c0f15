import { covers } from "../lib/scope.ts";
import { json, type Call } from "./call.ts";

/** Whether all that one scope covers is covered by another: a pattern that fits another as text covers all it covers. */
function holds(scope: readonly string[], other: readonly string[]): boolean {
  return other.every((pattern) => scope.some((mine) => covers(mine, pattern)));
}

/** Who may call the API, as far as the caller's own scope goes. No digest: whoever has one can try words against it. */
export async function listTokens({ admin, caller }: Call): Promise<Response> {
  const within = ({ scope }: { readonly scope: readonly string[] }) => holds(caller.scope, scope);
  const tokens = admin.tokens.filter(within);
  const access = admin.access.filter(within);
  const all = admin.tokens.length + admin.access.length;
  return json({
    tokens: tokens.map(({ name, role, scope }) => ({
      name,
      role,
      scope,
      you: name === caller.name,
    })),
    access: access.map(({ email, team, role, scope }) => ({ email, team, role, scope })),
    beyond: all - tokens.length - access.length,
  });
}
