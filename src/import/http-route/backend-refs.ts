import { MAX_WEIGHT } from "../../policy/limits.ts";
import type { BackendTable } from "../backends.ts";
import type { Place } from "../place.ts";
import { readBackendName } from "./backend-name.ts";
import { readFilters, type Filters } from "./filters.ts";

/** A backend of a rule. */
export interface Backend {
  readonly place: Place;
  readonly name: string;
  readonly origin: string;
  readonly weight: number;
  readonly filters: Filters;
}

/** The backends of a rule that have an origin, and those that are known not to exist. */
export interface Backends {
  readonly backends: readonly Backend[];
  readonly nowhere: readonly Pick<Backend, "place" | "weight">[];
}

/** The weight of a backend that has none. */
const DEFAULT_WEIGHT = 1;

/** Reads the backends of a rule; of one without an origin, an error has said so. */
export function readBackends(
  refs: readonly Place[],
  namespace: string,
  table: BackendTable,
): Backends {
  const backends: Backend[] = [];
  const nowhere: Pick<Backend, "place" | "weight">[] = [];
  for (const place of refs) {
    const ref = readBackendName(place, namespace, ["weight", "filters"]);
    const filters = readFilters(ref?.fields.get("filters")?.items() ?? [], namespace, table);
    const weight = ref?.fields.get("weight")?.whole(0, MAX_WEIGHT) ?? DEFAULT_WEIGHT;
    const origin = ref && table.seek(ref.key, ref.place);
    if (ref === undefined || origin === undefined) continue;
    if (origin === null) nowhere.push({ place, weight });
    else backends.push({ place, name: ref.name, origin, weight, filters });
  }
  return { backends, nowhere };
}
