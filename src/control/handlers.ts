import { explainAny, explainRoute, preview, validate } from "./question-handlers.ts";
import type { Call } from "./call.ts";
import { adopt, makeLink, republish, runAction } from "./action-handlers.ts";
import { exposures, forgetVisitor } from "./exposure-handlers.ts";
import { postGoals } from "./goal-handlers.ts";
import {
  diffVersions,
  listVersions,
  readAudit,
  readVersion,
  rollback,
} from "./history-handlers.ts";
import { routeMetrics, routeResults } from "./metrics-handlers.ts";
import type { OperationId } from "../api/operations.ts";
import { makeSignInCode, me } from "./sign-in-handlers.ts";
import { status } from "./status-handlers.ts";
import { listTokens } from "./token-handlers.ts";
import { health } from "./health-handlers.ts";
import { listRoutes } from "./list-routes.ts";
import { deleteRoute, patchRoute, putRoute, readRoute } from "./route-handlers.ts";

/** Who does each operation. */
export const HANDLERS: Readonly<Record<OperationId, (call: Call) => Promise<Response>>> = {
  listRoutes,
  readRoute,
  putRoute,
  patchRoute,
  deleteRoute,
  listVersions,
  readVersion,
  diffVersions,
  rollback,
  readAudit,
  explainRoute,
  preview,
  runAction,
  makeLink,
  adopt,
  republish,
  explain: explainAny,
  validate,
  routeMetrics,
  routeResults,
  exposures,
  forgetVisitor,
  postGoals,
  status,
  listTokens,
  me,
  makeSignInCode,
  health,
};
