import { signal } from "@preact/signals";

import { me } from "../../api/client/reads.ts";
import { ROLES, type Role } from "../../lib/roles.ts";
import { covers } from "../../lib/scope.ts";
import { client, isSignedOut, signIn } from "./client.ts";

/** Who looks at the console; `undefined` until the API has said so. */
export const who = signal<Awaited<ReturnType<typeof me>> | undefined>(undefined);

/** Asks who that is: what they may do decides which controls a page has. */
async function askWho(): Promise<void> {
  try {
    who.value = await me(client);
  } catch (error) {
    // Anything else the page's own questions meet as well, and show.
    if (isSignedOut(error)) signIn();
  }
}

/**
 * Asks now, and whenever this page is turned to again: another tab, or a link that signs in, may have begun somebody
 * else's session, in whose name this page would then act.
 */
export function keepAskingWho(): void {
  void askWho();
  window.addEventListener("focus", () => void askWho());
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) void askWho();
  });
}

/** Whether who looks has a role or a greater one, and the route in scope where one is named. False until that is known. */
export function mayDo(role: Role, key?: string): boolean {
  const { value } = who;
  if (value === undefined || ROLES.indexOf(value.role) < ROLES.indexOf(role)) return false;
  return key === undefined || value.scope.some((pattern) => covers(pattern, key));
}
