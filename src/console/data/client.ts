import { connectPage } from "../../api/client/page.ts";
import { Failure } from "../../lib/failure.ts";

/** The API of the control Worker that this page is of. */
export const client = connectPage(location.origin);

/** Whether the session is over, or was never there. */
export const isSignedOut = (error: unknown): boolean =>
  error instanceof Failure && error.code === "unauthorized";

/** Leaves for the page that signs people in, which leads back here. */
export function signIn(): void {
  location.assign(`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`);
}

/** Ends the session in this browser, and leaves for the page that begins another. */
export async function signOut(): Promise<void> {
  await fetch("/session", { method: "DELETE", headers: { "x-switchyard-console": "1" } });
  location.assign("/sign-in");
}
