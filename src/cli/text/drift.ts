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

/** Whether somebody deleted KV's value by hand; of one that is too long there is no text either. */
export const isDeletion = ({ text, tooLong }: NonNullable<Route["drift"]>): boolean =>
  text === null && !tooLong;

/** How KV's value differs from the newest version, or the value itself where it is not JSON. */
function differences(io: Io, policy: unknown, text: string | null): string[] {
  if (text === null) return ["  it is too long to be a policy"];
  const value = parsed(text);
  if (value === undefined || policy === null) return text.split("\n").map((line) => `  ${line}`);
  const changes = diff(policy, value);
  return changes.slice(0, MAX_CHANGES).map((change) => `  ${renderChange(io, change)}`);
}

/** What to know of a route whose value in KV is not its newest version; no lines where it is. */
export function renderDrift(io: Io, route: Route): string[] {
  const { key, version, published, policy, drift } = route;
  if (drift === null)
    return published === version ? [] : [`KV still has version ${published}, not this one`];
  const back = `or put version ${version} back with: sy republish ${key}`;
  if (isDeletion(drift))
    return [
      `KV has no value: version ${version} was deleted there by hand`,
      `delete the route here too with: sy adopt ${key}`,
      back,
    ];
  return [
    version === 0
      ? "KV has a value that was put there by hand:"
      : `KV has another value than version ${version}, put there by hand:`,
    ...differences(io, policy, drift.text),
    `take it in with: sy adopt ${key}`,
    ...(version === 0 ? [] : [back]),
  ];
}
