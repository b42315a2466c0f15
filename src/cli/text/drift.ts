import { diff } from "../../policy/diff.ts";
import type { Route } from "../../api/client/reads.ts";
import type { Io } from "../io.ts";
import { renderChange } from "./planned.ts";

/** Places in which KV's value differs that are listed: past this its beginning says no more. */
const MAX_CHANGES = 20;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** How KV's value differs from the newest version, or the value itself where it is not JSON. */
function differences(io: Io, { policy, drift }: Route): string[] {
  const { text, tooLong } = drift ?? { text: null, tooLong: false };
  if (tooLong) return ["  it is too long to be a policy"];
  if (text === null) return ["  KV has nothing at all"];
  const value = parsed(text);
  if (value === undefined || policy === null) return text.split("\n").map((line) => `  ${line}`);
  const changes = diff(policy, value);
  return changes.slice(0, MAX_CHANGES).map((change) => `  ${renderChange(io, change)}`);
}

/** What to know of a route whose value in KV is not its newest version; no lines where it is. */
export function renderDrift(io: Io, route: Route): string[] {
  const { key, version, published, drift } = route;
  if (drift === null)
    return published === version ? [] : [`KV still has version ${published}, not this one`];
  return [
    version === 0
      ? "KV has a value that was put there by hand:"
      : `KV has another value than version ${version}, put there by hand:`,
    ...differences(io, route),
    `take it in with: sy adopt ${key}`,
    ...(version === 0 ? [] : [`or put version ${version} back with: sy republish ${key}`]),
  ];
}
