import "../style/tokens.css";
import "../style/base.css";
import "../style/parts.css";
import "./sign-in.css";

import { nextAddress } from "./next-address.ts";

/** What the sign-in page says where the answer says nothing. */
const NO_ANSWER = "The control plane did not answer. Try again.";

/** Where nobody can sign in by a token. */
const OFF =
  "Signing in by a token is off: the control plane has no SESSION_KEY, which npm run deploy makes.";

function element<T extends Element>(selector: string, kind: new () => T): T {
  const found = document.querySelector(selector);
  if (found instanceof kind) return found;
  throw new Error(`the page has no ${selector}`);
}

const form = element("form", HTMLFormElement);
const token = element("#token", HTMLInputElement);
const notice = element(".notice", HTMLElement);
const button = element("button", HTMLButtonElement);

function refuse(words: string): void {
  notice.textContent = words;
  notice.hidden = false;
  token.focus();
}

/** The words of a refusal (RFC 9457), or that there were none. */
async function wordsOf(response: Response): Promise<string> {
  const body: unknown = await response.json().catch(() => undefined);
  if (typeof body !== "object" || body === null) return NO_ANSWER;
  if ("detail" in body && typeof body.detail === "string") return body.detail;
  return "title" in body && typeof body.title === "string" ? body.title : NO_ANSWER;
}

async function signIn(
  proof: Readonly<Record<"token" | "code", string | undefined>>,
): Promise<void> {
  notice.hidden = true;
  button.disabled = true;
  try {
    const response = await fetch("/session", {
      method: "POST",
      headers: { "content-type": "application/json", "x-switchyard-console": "1" },
      body: JSON.stringify(proof),
    });
    if (response.ok) location.replace(nextAddress(location.search));
    else refuse(await wordsOf(response));
  } catch {
    refuse(NO_ANSWER);
  } finally {
    button.disabled = false;
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  void signIn({ token: token.value.trim(), code: undefined });
});

/** Whoever comes by a link from elsewhere may be signed in: the browser kept the cookie back on the way here, and sends it now. */
async function goOnIfSignedIn(): Promise<void> {
  const response = await fetch("/session").catch(() => undefined);
  const state: unknown = await response?.json().catch(() => undefined);
  if (typeof state !== "object" || state === null) return;
  if ("signedIn" in state && state.signedIn === true)
    return location.replace(nextAddress(location.search));
  if ("byToken" in state && state.byToken === false) refuse(OFF);
}

const code = new URLSearchParams(location.hash.slice(1)).get("code");
if (code !== null) {
  // A link that signs in once is of no use in the history.
  history.replaceState(null, "", location.pathname + location.search);
  void signIn({ token: undefined, code });
} else {
  token.focus();
  void goOnIfSignedIn();
}
