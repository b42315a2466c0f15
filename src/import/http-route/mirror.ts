import type { BackendTable } from "../backends.ts";
import type { Place } from "../place.ts";
import { readBackendName } from "./backend-name.ts";

/** A mirror as a policy writes it. */
export interface Mirror {
  readonly place: Place;
  readonly policy: { readonly origin: string; readonly percent: number };
}

/** Parts of a fraction, at most: the API's numbers have 32 bits. */
const MAX_PART = 2_147_483_647;

const HUNDRED = 100;

function readFraction(place: Place): number | undefined {
  const fields = place.fields(["numerator", "denominator"]);
  if (fields === undefined) return undefined;
  const numerator = fields.get("numerator");
  if (numerator === undefined) return place.at("numerator").error("is missing");
  const above = numerator.whole(0, MAX_PART);
  const below = fields.has("denominator") ? fields.get("denominator")?.whole(1, MAX_PART) : HUNDRED;
  if (above === undefined || below === undefined) return undefined;
  if (above > below) return place.error("must be 1 at most");
  return (above * HUNDRED) / below;
}

/** A `requestMirror`; all requests are copied where it says no share. */
export function readMirror(
  place: Place,
  namespace: string,
  backends: BackendTable,
): Mirror | undefined {
  const fields = place.fields(["backendRef", "percent", "fraction"]);
  if (fields === undefined) return undefined;
  const ref = fields.get("backendRef");
  if (ref === undefined) return place.at("backendRef").error("is missing");
  const name = readBackendName(ref, namespace, []);
  const origin = name && backends.seek(name.key, name.place);
  const percentAt = fields.get("percent");
  const fractionAt = fields.get("fraction");
  if (percentAt !== undefined) fractionAt?.error('says the share a second time, beside "percent"');
  const percent =
    percentAt?.whole(0, HUNDRED) ?? (fractionAt === undefined ? HUNDRED : readFraction(fractionAt));
  if (origin === null) ref.warning("is left out: it is said not to exist");
  if (origin == null || percent === undefined) return undefined;
  return { place, policy: { origin, percent } };
}
