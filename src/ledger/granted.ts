import { grantedRamps, type GrantedForm, type GrantedRamp } from "../policy/granted.ts";
import type { Store } from "./store.ts";

/** Versions that are looked back through for the instant that a ramp was written with: each of its steps may have been granted, with as many edits between. */
const MAX_GRANTS_BACK = 200;

/** Characters of policies that are read for it: what a Durable Object reads in a fraction of a second. */
const MAX_CHARS_BACK = 8_000_000;

/** The forms of a route, newest first, for as long as they are JSON. */
function* formsOf(store: Store): Generator<GrantedForm> {
  let left = MAX_CHARS_BACK;
  let version = store.latest();
  for (let count = 0; version?.text != null && count < MAX_GRANTS_BACK; count += 1) {
    left -= version.text.length;
    if (left < 0) return;
    let policy: unknown;
    try {
      policy = JSON.parse(version.text);
    } catch {
      return;
    }
    yield { policy, isGrant: version.action === "grant" };
    version = store.version(version.version - 1);
  }
}

/** The ramps of a route's newest version whose steps are earned; none, and nothing is read, where none ever was. */
export function grantedIn(store: Store): GrantedRamp[] {
  const isEarned = store.latest()?.text?.includes('"earned"') ?? false;
  return isEarned ? grantedRamps(formsOf(store)) : [];
}
