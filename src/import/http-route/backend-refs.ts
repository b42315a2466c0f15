import { MAX_WEIGHT } from "../../policy/limits.ts";
import type { BackendTable } from "../backends.ts";
import type { Place } from "../place.ts";
import { readBackendName } from "./backend-name.ts";
import { readFilters, type Filters } from "./filters.ts";

/** A backend of a rule. */
export interface Backend {
  readonly place: Place;
  readonly name: string;
  readonly port: number;
  readonly origin: string;
  readonly weight: number;
  readonly filters: Filters;
}

/** The weight of a backend that has none. */
const DEFAULT_WEIGHT = 1;

/** A backend with an origin; without one, an error has said so. */
export function readBackend(
  place: Place,
  namespace: string,
  backends: BackendTable,
): Backend | undefined {
  const ref = readBackendName(place, namespace, ["weight", "filters"]);
  const filters = readFilters(ref?.fields.get("filters")?.items() ?? [], namespace, backends);
  const weight = ref?.fields.get("weight")?.whole(0, MAX_WEIGHT) ?? DEFAULT_WEIGHT;
  const origin = ref && backends.find(ref.key, place);
  if (ref === undefined || origin === undefined) return undefined;
  return { place, name: ref.name, port: ref.port, origin, weight, filters };
}
