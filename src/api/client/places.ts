import type { CONTRACT, OperationId } from "../operations.ts";

/** Method and path of each operation, held against the contract by its type: it does not compile where they differ. */
type Places = {
  readonly [TId in OperationId]: {
    readonly method: (typeof CONTRACT)[TId]["method"];
    readonly path: (typeof CONTRACT)[TId]["path"];
  };
};

/** Where each operation is asked for: all that a client has to know before it asks. */
export const PLACES: Places = {
  listRoutes: { method: "GET", path: "/routes" },
  readRoute: { method: "GET", path: "/routes/:key" },
  putRoute: { method: "PUT", path: "/routes/:key" },
  patchRoute: { method: "PATCH", path: "/routes/:key" },
  deleteRoute: { method: "DELETE", path: "/routes/:key" },
  listVersions: { method: "GET", path: "/routes/:key/versions" },
  readVersion: { method: "GET", path: "/routes/:key/versions/:version" },
  diffVersions: { method: "GET", path: "/routes/:key/diff" },
  rollback: { method: "POST", path: "/routes/:key/rollback" },
  readAudit: { method: "GET", path: "/routes/:key/audit" },
  explainRoute: { method: "POST", path: "/routes/:key/explain" },
  explain: { method: "POST", path: "/explain" },
  preview: { method: "POST", path: "/routes/:key/preview" },
  runAction: { method: "POST", path: "/routes/:key/actions/:action" },
  makeLink: { method: "POST", path: "/routes/:key/links" },
  adopt: { method: "POST", path: "/routes/:key/adopt" },
  republish: { method: "POST", path: "/routes/:key/republish" },
  routeMetrics: { method: "GET", path: "/routes/:key/metrics" },
  routeResults: { method: "GET", path: "/routes/:key/results" },
  exposures: { method: "GET", path: "/routes/:key/exposures" },
  forgetVisitor: { method: "DELETE", path: "/routes/:key/exposures/:digest" },
  postGoals: { method: "POST", path: "/routes/:key/goals" },
  status: { method: "GET", path: "/status" },
  listTokens: { method: "GET", path: "/tokens" },
  me: { method: "GET", path: "/me" },
  makeSignInCode: { method: "POST", path: "/sign-in-codes" },
  health: { method: "GET", path: "/health" },
  validate: { method: "POST", path: "/validate" },
};
