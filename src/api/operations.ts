import type { Role } from "../lib/roles.ts";

interface Shape {
  /** Its name in the OpenAPI document. */
  readonly id: string;
  readonly method: "GET" | "PUT" | "PATCH" | "POST" | "DELETE";
  readonly path: string;
  /** The least role that may do it; where the path names a route, the scope must hold it too. */
  readonly role: Role;
}

/** All that the API does: the router, the table of who may do what, and the OpenAPI document are made from this list. */
export const OPERATIONS = [
  { id: "listRoutes", method: "GET", path: "/routes", role: "read" },
  { id: "readRoute", method: "GET", path: "/routes/:key", role: "read" },
  { id: "putRoute", method: "PUT", path: "/routes/:key", role: "write" },
  { id: "patchRoute", method: "PATCH", path: "/routes/:key", role: "write" },
  { id: "deleteRoute", method: "DELETE", path: "/routes/:key", role: "write" },
  {
    id: "listVersions",
    method: "GET",
    path: "/routes/:key/versions",
    role: "read",
  },
  {
    id: "readVersion",
    method: "GET",
    path: "/routes/:key/versions/:version",
    role: "read",
  },
  {
    id: "diffVersions",
    method: "GET",
    path: "/routes/:key/diff",
    role: "read",
  },
  {
    id: "rollback",
    method: "POST",
    path: "/routes/:key/rollback",
    role: "write",
  },
  { id: "readAudit", method: "GET", path: "/routes/:key/audit", role: "read" },
  {
    id: "explainRoute",
    method: "POST",
    path: "/routes/:key/explain",
    role: "read",
  },
  { id: "preview", method: "POST", path: "/routes/:key/preview", role: "read" },
  {
    id: "runAction",
    method: "POST",
    path: "/routes/:key/actions/:action",
    role: "operate",
  },
  { id: "makeLink", method: "POST", path: "/routes/:key/links", role: "operate" },
  { id: "adopt", method: "POST", path: "/routes/:key/adopt", role: "write" },
  {
    id: "republish",
    method: "POST",
    path: "/routes/:key/republish",
    role: "write",
  },
  { id: "explain", method: "POST", path: "/explain", role: "read" },
  { id: "validate", method: "POST", path: "/validate", role: "read" },
] as const satisfies readonly Shape[];

/** The name of one thing the API does. */
export type OperationId = (typeof OPERATIONS)[number]["id"];

/** One thing the API does. */
export interface Operation extends Shape {
  readonly id: OperationId;
}
