import { serviceName } from "../backends.ts";
import type { Children, Place } from "../place.ts";
import { MAX_PORT } from "./gateways.ts";

/** A reference to a backend: a Service's port, or an object of another kind. */
export interface BackendName {
  readonly name: string;
  /** What tables of backends call it. */
  readonly key: string;
  /** Where it is told that they have no origin for it. */
  readonly place: Place;
  readonly fields: Children;
}

const SERVICE = "Service";

/** A reference to a backend with its own further fields. What is not a Service has its kind in its name: `namespace/Kind/name:port`. */
export function readBackendName(
  place: Place,
  ownNamespace: string,
  further: readonly string[],
): BackendName | undefined {
  const fields = place.fields(["group", "kind", "namespace", "name", "port", ...further]);
  if (fields === undefined) return undefined;
  const kindAt = fields.get("kind");
  const kind = kindAt === undefined ? SERVICE : kindAt.text({ form: /^[^]+$/, must: "a kind" });
  const isService = kind === SERVICE;
  const group = fields.get("group");
  if (isService && group !== undefined && group.value !== "")
    group.error('must be "": Services have no group');
  const namespace = fields.get("namespace")?.text() ?? ownNamespace;
  const name = fields.get("name")?.text({ form: /^[^]+$/, must: "a name" });
  const portAt = fields.get("port");
  const port = portAt?.whole(1, MAX_PORT);
  if (!fields.has("name")) place.at("name").error("is missing");
  if (portAt === undefined && isService) place.at("port").error("is missing: a Service needs one");
  if (name === undefined || kind === undefined) return undefined;
  if (port === undefined && (isService || portAt !== undefined)) return undefined;
  const called = isService ? name : `${kind}/${name}`;
  const key = port === undefined ? `${namespace}/${called}` : serviceName(namespace, called, port);
  return { name, key, place: isService ? place : (kindAt ?? place), fields };
}
