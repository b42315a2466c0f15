import type * as v from "valibot";

import { ACTIONS } from "../../policy/actions/index.ts";
import { ACTION_NAMES } from "../../policy/actions/names.ts";
import { strictObject } from "../../lib/strict-object.ts";
import { BASE } from "../base.ts";
import type { Answer } from "../definition.ts";
import { OPERATIONS, type Operation } from "../operations.ts";
import { PROBLEMS, ProblemSchema } from "../problems.ts";
import { ChangeSchema, EDIT_FIELDS, IssueSchema, PlanSchema } from "../shared.ts";
import { Converter } from "./json-schema.ts";
import { describedDefinitions } from "./policy-schema.ts";

type Json = Record<string, unknown>;

const REFERENCE = "#/components/schemas/";

/** What has a name of its own in the document. */
const NAMED: Readonly<Record<string, v.GenericSchema>> = {
  Issue: IssueSchema,
  Change: ChangeSchema,
  Plan: PlanSchema,
  Problem: ProblemSchema,
  ...Object.fromEntries(
    OPERATIONS.flatMap(({ answers }) => Object.values(answers))
      .filter((one) => one !== undefined)
      .map(({ name, schema }) => [name, schema]),
  ),
};

const PARAMETERS: Readonly<Record<string, string>> = {
  key: "A route key: a host, `*.` and a host, a tenant id, or `*`",
  version: "A version's number",
  action: "What to do",
  prefix: "What keys begin with",
  q: "What keys hold, in any case; one page reads 5 000 keys at most",
  cursor: "Where the page before ended",
  limit: "Items on one page",
  window: "Seconds back from now; 3600 where it is left out",
  step: "Seconds of a point; 60 where it is left out",
  digest: "A visitor's digest: 16 hexadecimal digits",
  from: "The earlier version; the one before `to` where it is left out, 0 for nothing",
  to: "The later version; the newest where it is left out",
};

function parameter(name: string, place: "path" | "query"): Json {
  const isNumber = ["version", "limit", "from", "to", "window", "step"].includes(name);
  const schema =
    name === "action"
      ? { type: "string", enum: ACTION_NAMES }
      : { type: isNumber ? "integer" : "string" };
  return { name, in: place, required: place === "path", description: PARAMETERS[name], schema };
}

const header = (name: string, description: string): Json => ({
  name,
  in: "header",
  required: false,
  description,
  schema: { type: "string" },
});

const EDIT_HEADERS = [
  header("If-Match", "The ETag of the version to change; 428 without it"),
  header("If-None-Match", "`*` in place of If-Match, for a route that is not there yet"),
  header("Idempotency-Key", "Makes a repeated request the same request, for a day"),
];

const READ_HEADER = header(
  "If-None-Match",
  "The ETag of the answer you have: 304 without a body where that is still good",
);

/** The bodies of all actions: each takes its own parameters and what every edit takes. */
function actionBody(converter: Converter): Json {
  const extra = converter.convert(strictObject(EDIT_FIELDS, "request")).properties;
  const bodies = ACTION_NAMES.map((name) => {
    const converted = converter.convert(ACTIONS[name].parameters);
    return { title: name, ...converted, properties: { ...converted.properties, ...extra } };
  });
  return { anyOf: bodies };
}

const told = ({ name, type }: Answer): string =>
  type === undefined ? name : `${name}: one a line, each line ended by a line feed`;

function describe(operation: Operation, converter: Converter): Json {
  const { summary, body, bodyOptional = false, query = [], answers, edits = false } = operation;
  const refused = operation.problems.map((code) => `\`${code}\` (${PROBLEMS[code].status})`);
  const schema =
    operation.id === "runAction" ? actionBody(converter) : body && converter.convert(body);
  const type = operation.method === "PATCH" ? "application/merge-patch+json" : "application/json";
  const inPath = [...operation.path.matchAll(/:(\w+)/g)].map(([, name = ""]) => name);
  const responses = Object.entries(answers).map(([status, one]) => [
    status,
    {
      description: one === undefined ? "Not changed since" : told(one),
      ...(one && {
        content: {
          [one.type ?? "application/json"]: { schema: { $ref: REFERENCE + one.name } },
        },
      }),
    },
  ]);
  const needs = `Needs the role \`${operation.role}\`${inPath.includes("key") ? ", and the key in its scope" : ""}.`;
  return {
    operationId: operation.id,
    summary,
    description: refused.length === 0 ? needs : `${needs} May refuse with ${refused.join(", ")}.`,
    tags: [operation.path.startsWith("/routes") ? "routes" : "questions"],
    parameters: [
      ...inPath.map((name) => parameter(name, "path")),
      ...query.map((name) => parameter(name, "query")),
      ...(edits ? EDIT_HEADERS : []),
      ...(304 in answers ? [READ_HEADER] : []),
    ],
    ...(schema && { requestBody: { required: !bodyOptional, content: { [type]: { schema } } } }),
    responses: {
      ...Object.fromEntries(responses),
      "4XX": { $ref: "#/components/responses/Refused" },
      "5XX": { $ref: "#/components/responses/Refused" },
    },
  };
}

/** The OpenAPI 3.1 document of the API, from the schemas that judge its requests. */
export function openApi(): Json {
  const converter = new Converter(REFERENCE, NAMED);
  const paths: Record<string, Json> = {};
  for (const operation of OPERATIONS) {
    const path = operation.path.replaceAll(/:(\w+)/g, "{$1}");
    paths[path] = {
      ...paths[path],
      [operation.method.toLowerCase()]: describe(operation, converter),
    };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Switchyard control API",
      version: "1",
      description: "Edits, questions and history of routes. See docs/control-api.md.",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: BASE }],
    security: [{ token: [] }],
    tags: [
      { name: "routes", description: "Routes, their history, and what is done to them" },
      { name: "questions", description: "Questions that concern no one route" },
    ],
    paths,
    components: {
      securitySchemes: {
        token: { type: "http", scheme: "bearer", description: "Or Cloudflare Access in front." },
      },
      responses: {
        Refused: {
          description: "RFC 9457 problem details",
          content: { "application/problem+json": { schema: { $ref: `${REFERENCE}Problem` } } },
        },
      },
      schemas: describedDefinitions(converter),
    },
  };
}
