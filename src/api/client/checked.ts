import * as v from "valibot";

import type { Answer, Definition } from "../definition.ts";
import type { CONTRACT, OperationId } from "../operations.ts";
import { unknownForm } from "./failures.ts";
import type { Forms } from "./forms.ts";
import { PLACES } from "./places.ts";

const routes = async () => (await import("../routes.ts")).ROUTES;
const versions = async () => (await import("../versions.ts")).VERSIONS;
const audit = async () => (await import("../audit.ts")).AUDIT;
const explain = async () => (await import("../explain.ts")).EXPLAIN;
const previews = async () => (await import("../preview.ts")).PREVIEWS;
const actions = async () => (await import("../actions.ts")).ROUTE_ACTIONS;
const links = async () => (await import("../links.ts")).LINKS;
const drift = async () => (await import("../drift.ts")).DRIFT;
const metrics = async () => (await import("../metrics.ts")).METRIC_READS;
const results = async () => (await import("../results.ts")).RESULT_READS;
const exposures = async () => (await import("../exposures.ts")).EXPOSURE_OPERATIONS;
const goals = async () => (await import("../goals.ts")).GOALS;
const status = async () => (await import("../status.ts")).STATUS_READS;
const tokens = async () => (await import("../tokens.ts")).TOKEN_READS;
const signIn = async () => (await import("../sign-in.ts")).SIGN_IN;
const health = async () => (await import("../health.ts")).HEALTH_READS;
const validate = async () => (await import("../validate.ts")).VALIDATE;

/** Where each operation's contract stands: it does not compile where it stands elsewhere. */
type Resources = {
  readonly [TId in OperationId]: () => Promise<Pick<typeof CONTRACT, TId>>;
};

/** Loaded when they are asked for: a program that asks for one thing waits for the schemas of no other. */
const RESOURCES: Resources = {
  listRoutes: routes,
  readRoute: routes,
  putRoute: routes,
  patchRoute: routes,
  deleteRoute: routes,
  listVersions: versions,
  readVersion: versions,
  diffVersions: versions,
  rollback: versions,
  readAudit: audit,
  explainRoute: explain,
  explain,
  preview: previews,
  runAction: actions,
  makeLink: links,
  adopt: drift,
  republish: drift,
  routeMetrics: metrics,
  routeResults: results,
  exposures,
  forgetVisitor: exposures,
  postGoals: goals,
  status,
  listTokens: tokens,
  me: signIn,
  makeSignInCode: signIn,
  health,
  validate,
};

async function answers(operation: OperationId): Promise<(value: unknown) => unknown> {
  const resource: Partial<Record<OperationId, Definition>> = await RESOURCES[operation]();
  // The success answers of one operation have one form.
  const [form] = Object.values<Answer | undefined>(resource[operation]?.answers ?? {}).filter(
    (one) => one !== undefined,
  );
  return (value) => {
    const result = form && v.safeParse(form.schema, value);
    if (result?.success === true) return result.output;
    throw unknownForm();
  };
}

/** Every answer is held against its schema, as a program must that meets gateways of any age. */
export const CHECKED: Forms = {
  places: PLACES,
  answers,
  refused: async (value) => {
    const { ProblemSchema } = await import("../problems.ts");
    const problem = v.safeParse(ProblemSchema, value);
    return problem.success ? problem.output : undefined;
  },
};
