import type { Access, Client } from "../../api/client/ask.ts";
import type { Health } from "../../api/health-form.ts";
import type { Route } from "../../api/client/reads.ts";
import { Failure } from "../failure.ts";
import { askHealth } from "../health/ask.ts";
import { bounded } from "../health/bounded.ts";
import { connect } from "../server.ts";
import { wrong, type Finding } from "./finding.ts";
import { gatewayFindings } from "./gateway.ts";
import { healthFindings } from "./health.ts";
import { hostOf, hostsIn } from "./hosts.ts";
import { makeResolver } from "./network.ts";
import { readRoutes, routeFindings } from "./routes.ts";
import { serverFindings } from "./servers.ts";

/** Routes looked at, unless all are asked for. */
const USUAL_ROUTES = 200;

/** A control plane that answers one request of many is waited for so long (ms). */
const ASK_MS = 15_000;

/** What is to be looked at. */
export interface Wanted {
  /** A page of the gateway to ask for, in place of the routes' front pages. */
  readonly gateway: string | undefined;
  readonly all: boolean;
  readonly isFree: boolean;
  readonly now: () => number;
}

/** A client with a shorter patience: a doctor says that nothing answers, and goes on. */
function impatient(client: Client): Client {
  return async (ask) => bounded(ASK_MS, async (signal) => client({ signal, ...ask }));
}

const failed = (part: "control" | "routes", { message, fix }: Failure): Finding =>
  wrong(part, message, fix);

async function tried<T>(work: () => Promise<T>): Promise<T | Failure> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}

async function readAll(access: Access, all: boolean) {
  return tried(async () => readRoutes(impatient(connect(access)), all ? Infinity : USUAL_ROUTES));
}

/** Whether every stored policy is valid under the release of this sy: what to know before it is deployed. */
export async function examineRelease(access: Access): Promise<Finding[]> {
  const health = await tried(async () => askHealth(access));
  if (health instanceof Failure) return [failed("control", health)];
  const read = await readAll(access, true);
  if (read instanceof Failure) return [failed("routes", read)];
  // It alone reads policies, and so loads the policy language.
  const { releaseFindings } = await import("./release.ts");
  return releaseFindings(read.routes, health.parts.config.privateOrigins);
}

async function aroundRoutes(
  access: Access,
  routes: readonly Route[],
  { gateway, now }: Wanted,
): Promise<Finding[]> {
  const own = hostOf(access.url);
  const hosts = [
    ...(own === undefined ? [] : [own]),
    ...routes.flatMap(({ policy }) => hostsIn(policy)),
  ];
  const [pages, servers] = await Promise.all([
    gatewayFindings(
      routes.map(({ key }) => key),
      access.url,
      gateway,
    ),
    serverFindings(hosts, { resolver: makeResolver(), now: now() }),
  ]);
  return [...pages, ...servers];
}

/** Looks at everything, each part within its time, and tells what was found. */
export async function examine(access: Access, wanted: Wanted): Promise<Finding[]> {
  const begin = wanted.now();
  const health: Health | Failure = await tried(async () => askHealth(access));
  if (health instanceof Failure) return [failed("control", health)];
  // It gave the time somewhere between the question and the answer.
  const here = (begin + wanted.now()) / 2;
  const findings = healthFindings(access.url, health, here, wanted.isFree);
  const read = await readAll(access, wanted.all);
  if (read instanceof Failure) return [...findings, failed("routes", read)];
  const { routes, more } = read;
  return [
    ...findings,
    ...routeFindings(routes, more),
    ...(await aroundRoutes(access, routes, wanted)),
  ];
}
