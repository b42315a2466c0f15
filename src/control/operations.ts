import type { Role } from "../config.ts";
import { explainAny, explainRoute, preview, validate } from "./ask-handlers.ts";
import type { Call } from "./call.ts";
import { adopt, makeLink, republish, runAction } from "./do-handlers.ts";
import {
  diffVersions,
  listVersions,
  readAudit,
  readVersion,
  rollback,
} from "./history-handlers.ts";
import { deleteRoute, listRoutes, patchRoute, putRoute, readRoute } from "./route-handlers.ts";

/** One thing the API does. */
export interface Operation {
  /** Its name in the OpenAPI document. */
  readonly id: string;
  readonly method: "GET" | "PUT" | "PATCH" | "POST" | "DELETE";
  readonly path: string;
  /** The least role that may do it; where the path names a route, the scope must hold it too. */
  readonly role: Role;
  readonly handle: (call: Call) => Promise<Response>;
}

/** All of it: the router, the table of who may do what, and the OpenAPI document are made from this list. */
export const OPERATIONS: readonly Operation[] = [
  { id: "listRoutes", method: "GET", path: "/routes", role: "read", handle: listRoutes },
  { id: "readRoute", method: "GET", path: "/routes/:key", role: "read", handle: readRoute },
  { id: "putRoute", method: "PUT", path: "/routes/:key", role: "write", handle: putRoute },
  { id: "patchRoute", method: "PATCH", path: "/routes/:key", role: "write", handle: patchRoute },
  { id: "deleteRoute", method: "DELETE", path: "/routes/:key", role: "write", handle: deleteRoute },
  {
    id: "listVersions",
    method: "GET",
    path: "/routes/:key/versions",
    role: "read",
    handle: listVersions,
  },
  {
    id: "readVersion",
    method: "GET",
    path: "/routes/:key/versions/:version",
    role: "read",
    handle: readVersion,
  },
  {
    id: "diffVersions",
    method: "GET",
    path: "/routes/:key/diff",
    role: "read",
    handle: diffVersions,
  },
  {
    id: "rollback",
    method: "POST",
    path: "/routes/:key/rollback",
    role: "write",
    handle: rollback,
  },
  { id: "readAudit", method: "GET", path: "/routes/:key/audit", role: "read", handle: readAudit },
  {
    id: "explainRoute",
    method: "POST",
    path: "/routes/:key/explain",
    role: "read",
    handle: explainRoute,
  },
  { id: "preview", method: "POST", path: "/routes/:key/preview", role: "read", handle: preview },
  {
    id: "runAction",
    method: "POST",
    path: "/routes/:key/actions/:action",
    role: "operate",
    handle: runAction,
  },
  { id: "makeLink", method: "POST", path: "/routes/:key/links", role: "operate", handle: makeLink },
  { id: "adopt", method: "POST", path: "/routes/:key/adopt", role: "write", handle: adopt },
  {
    id: "republish",
    method: "POST",
    path: "/routes/:key/republish",
    role: "write",
    handle: republish,
  },
  { id: "explain", method: "POST", path: "/explain", role: "read", handle: explainAny },
  { id: "validate", method: "POST", path: "/validate", role: "read", handle: validate },
];
