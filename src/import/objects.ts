import { shorten } from "../lib/shorten.ts";
import { Place, type Children } from "./place.ts";
import { ObjectReports } from "./report.ts";

/** An object of Kubernetes as it came. */
export interface Manifest {
  readonly kind: string;
  readonly apiVersion: string;
  readonly namespace: string;
  readonly name: string;
  readonly reports: ObjectReports;
  readonly root: Place;
  readonly fields: Children;
  readonly metadata: Children;
}

/** What tools note in the annotations of objects for themselves. */
const BOOKKEEPING =
  /^(?:kubectl\.kubernetes\.io|kubernetes\.io|meta\.helm\.sh|helm\.sh|argocd\.argoproj\.io|kustomize\.toolkit\.fluxcd\.io)\//;

/** Whether an annotation is not a word of the object's own. */
export const isBookkeeping = (name: string): boolean => BOOKKEEPING.test(name);

/** Where an object without a namespace is. */
const DEFAULT_NAMESPACE = "default";

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A name inside the label of an object, where it is one. */
const labelOf = (value: unknown, otherwise: string): string =>
  typeof value === "string" && value !== "" ? shorten(value) : otherwise;

function manifestOf(value: unknown, document: number, root: string): Manifest | ObjectReports {
  const raw = isObject(value) ? value : {};
  const about = isObject(raw["metadata"]) ? raw["metadata"] : {};
  const kind = labelOf(raw["kind"], "Object");
  const namespace = labelOf(about["namespace"], DEFAULT_NAMESPACE);
  const label = `${kind} ${namespace}/${labelOf(about["name"], `(document ${document + 1})`)}`;
  const reports = new ObjectReports(label, document, root);
  const place = new Place(value, "", reports);
  const fields = place.children();
  if (fields === undefined) return reports;
  for (const needed of ["apiVersion", "kind", "metadata"])
    if (!fields.has(needed)) place.at(needed).error("is missing from this object");
  const apiVersion = fields.get("apiVersion")?.text();
  fields.get("kind")?.text();
  const metadata = fields.get("metadata")?.children();
  metadata?.get("namespace")?.text();
  if (metadata?.has("name") === false) place.at("metadata").at("name").error("is missing");
  const name = metadata?.get("name")?.text();
  if (metadata === undefined || apiVersion === undefined || name === undefined) return reports;
  return { kind, apiVersion, namespace, name, reports, root: place, fields, metadata };
}

interface List {
  readonly kind: string;
  readonly items: readonly unknown[];
  readonly apiVersion?: unknown;
}

const LIST = "List";

/** Whether a document is a list of objects, as `kubectl get -o yaml` prints them. */
const isList = (value: unknown): value is List =>
  isObject(value) &&
  typeof value["kind"] === "string" &&
  value["kind"].endsWith(LIST) &&
  Array.isArray(value["items"]);

/** An item of a list: in one of a single kind, as the API answers with, the list alone says the kind and its version. */
function itemOf({ kind, apiVersion }: List, item: unknown): unknown {
  if (kind === LIST || !isObject(item)) return item;
  return { apiVersion, kind: kind.slice(0, -LIST.length), ...item };
}

/** The objects of an input, and what is wrong with those that are none. An empty document is nothing. */
export function* objectsIn(documents: readonly unknown[]): Generator<Manifest | ObjectReports> {
  for (const [document, value] of documents.entries()) {
    if (value == null) continue;
    if (!isList(value)) {
      yield manifestOf(value, document, "$");
      continue;
    }
    for (const [index, item] of value.items.entries())
      yield manifestOf(itemOf(value, item), document, `$.items[${index}]`);
  }
}
