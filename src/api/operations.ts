import { ROUTE_ACTIONS } from "./actions.ts";
import { AUDIT } from "./audit.ts";
import type { Definition } from "./definition.ts";
import { DRIFT } from "./drift.ts";
import { EXPLAIN } from "./explain.ts";
import { EXPOSURE_OPERATIONS } from "./exposures.ts";
import { GOALS } from "./goals.ts";
import { HEALTH_READS } from "./health.ts";
import { LINKS } from "./links.ts";
import { METRIC_READS } from "./metrics.ts";
import { PREVIEWS } from "./preview.ts";
import { RESULT_READS } from "./results.ts";
import { ROUTES } from "./routes.ts";
import { SIGN_IN } from "./sign-in.ts";
import { STATUS_READS } from "./status.ts";
import { TOKEN_READS } from "./tokens.ts";
import { VALIDATE } from "./validate.ts";
import { VERSIONS } from "./versions.ts";

/** The contract of everything the API does, by its name in code and in the OpenAPI document. */
export const CONTRACT = {
  ...ROUTES,
  ...VERSIONS,
  ...AUDIT,
  ...EXPLAIN,
  ...PREVIEWS,
  ...ROUTE_ACTIONS,
  ...LINKS,
  ...DRIFT,
  ...METRIC_READS,
  ...RESULT_READS,
  ...EXPOSURE_OPERATIONS,
  ...GOALS,
  ...STATUS_READS,
  ...TOKEN_READS,
  ...SIGN_IN,
  ...HEALTH_READS,
  ...VALIDATE,
} as const satisfies Record<string, Definition>;

/** The name of one thing the API does, in code and in the OpenAPI document. */
export type OperationId = keyof typeof CONTRACT;

/** One thing the API does. */
export interface Operation extends Definition {
  readonly id: OperationId;
}

/** All that the API does: the router, the table of who may do what, and the OpenAPI document are made from this list. */
export const OPERATIONS: readonly Operation[] = Object.entries(CONTRACT).map(
  ([id, definition]) => ({
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of a constant
    id: id as OperationId,
    ...definition,
  }),
);
