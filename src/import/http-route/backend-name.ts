import { serviceName } from "../backends.ts";
import type { Children, Place } from "../place.ts";
import { MAX_PORT } from "./gateways.ts";

/** A reference to a Service's port. */
export interface BackendName {
  readonly name: string;
  readonly port: number;
  /** What tables of backends call it. */
  readonly key: string;
  readonly fields: Children;
}

/** A reference to a backend with its own further fields; only Services can be named origins. */
export function readBackendName(
  place: Place,
  ownNamespace: string,
  further: readonly string[],
): BackendName | undefined {
  const fields = place.fields(["group", "kind", "namespace", "name", "port", ...further]);
  if (fields === undefined) return undefined;
  const kind = fields.get("kind");
  const isService = kind === undefined || kind.value === "Service";
  if (!isService) kind.error("must be Service: only Services can be named origins");
  const group = fields.get("group");
  if (isService && group !== undefined && group.value !== "")
    group.error('must be "": Services have no group');
  const namespace = fields.get("namespace")?.text() ?? ownNamespace;
  const name = fields.get("name")?.text({ form: /^[^]+$/, must: "a name" });
  const port = fields.get("port")?.whole(1, MAX_PORT);
  if (!fields.has("name")) place.at("name").error("is missing");
  if (!fields.has("port") && isService) place.at("port").error("is missing: a Service needs one");
  if (name === undefined || port === undefined || !isService) return undefined;
  return { name, port, key: serviceName(namespace, name, port), fields };
}
