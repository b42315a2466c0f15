import { ANY_HOST, intersection, readHostname } from "../hostname.ts";
import type { Manifest } from "../objects.ts";
import { itemsOf, type Place } from "../place.ts";

const GATEWAY_FIELDS = [
  "gatewayClassName",
  "listeners",
  "addresses",
  "infrastructure",
  "backendTLS",
  "allowedListeners",
  "defaultScope",
  "tls",
];
const LISTENER_FIELDS = ["name", "hostname", "port", "protocol", "tls", "allowedRoutes"];
const PARENT_FIELDS = ["group", "kind", "namespace", "name", "sectionName", "port"];

/** Listeners of one Gateway, at most: the API's own bound. */
const MAX_LISTENERS = 64;

/** Ports of TCP. */
export const MAX_PORT = 65_535;

interface Listener {
  readonly name: string | undefined;
  readonly port: number | undefined;
  readonly hostname: string;
}

/** The listeners of the Gateways that came with an input, by `namespace/name`. */
export type Gateways = ReadonlyMap<string, readonly Listener[]>;

function readListener(place: Place): Listener[] {
  const fields = place.fields(LISTENER_FIELDS);
  if (fields === undefined) return [];
  const host = fields.get("hostname");
  const hostname =
    host === undefined || host.value === "" ? ANY_HOST : (readHostname(host) ?? ANY_HOST);
  const name = fields.get("name")?.text();
  return [{ name, port: fields.get("port")?.whole(1, MAX_PORT), hostname }];
}

/** The listeners of a Gateway. Of its other fields none says which requests a route is for. */
export function readGateway({ root, fields }: Manifest): readonly Listener[] {
  root.fields(["apiVersion", "kind", "metadata", "spec", "status"]);
  const spec = fields.get("spec")?.fields(GATEWAY_FIELDS);
  const listeners = spec?.get("listeners");
  const items = itemsOf(listeners);
  if (items.length > MAX_LISTENERS) listeners?.error(`may hold ${MAX_LISTENERS} at most`);
  return items.slice(0, MAX_LISTENERS).flatMap(readListener);
}

/** The hosts that one parent lets a route have; `undefined` for a Gateway that is not in the input. */
function hostsOfParent(
  place: Place,
  gateways: Gateways,
  ownNamespace: string,
): readonly string[] | undefined {
  const fields = place.fields(PARENT_FIELDS);
  fields?.get("group")?.word(["gateway.networking.k8s.io"]);
  fields?.get("kind")?.word(["Gateway"]);
  const namespace = fields?.get("namespace")?.text() ?? ownNamespace;
  const name = fields?.get("name")?.text();
  const section = fields?.get("sectionName");
  const port = fields?.get("port");
  const listeners = gateways.get(`${namespace}/${name ?? ""}`);
  if (listeners === undefined) return undefined;
  const named = section?.text();
  const numbered = port?.whole(1, MAX_PORT);
  const found = listeners.filter(
    (one) =>
      (named === undefined || one.name === named) &&
      (numbered === undefined || one.port === numbered),
  );
  if (found.length === 0)
    (section ?? port ?? place).warning(
      "no such listener is in the Gateway: the route is not served through it",
    );
  return found.map(({ hostname }) => hostname);
}

/** The hosts that the listeners a route attaches to leave open to it: all, where one of its Gateways is not in the input. */
export function hostsOfParents(
  parents: Place | undefined,
  gateways: Gateways,
  namespace: string,
): readonly string[] {
  const lists = itemsOf(parents).map((place) => hostsOfParent(place, gateways, namespace));
  if (lists.length === 0 || lists.includes(undefined)) return [ANY_HOST];
  return [...new Set(lists.flatMap((hosts) => hosts ?? []))];
}

/** The hosts that a route serves: its own, as far as the listeners have them too. */
export function hostsOf(
  hostnames: Place | undefined,
  open: readonly string[],
  spec: Place,
): readonly string[] {
  const asked = itemsOf(hostnames);
  const hosts = new Set<string>();
  if (asked.length === 0) for (const host of open) hosts.add(host);
  for (const place of asked) {
    const host = readHostname(place);
    if (host === undefined) continue;
    const both = open.flatMap((listener) => intersection(host, listener) ?? []);
    if (both.length === 0)
      place.warning("no listener of its Gateways has this host: it is not served");
    for (const one of both) hosts.add(one);
  }
  if (hosts.size === 0 && asked.length === 0)
    spec.warning("no listener of its Gateways takes the route: nothing is served");
  return [...hosts];
}
