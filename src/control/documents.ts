import { BASE } from "../api/base.ts";
import openApi from "../api/generated/openapi.json";
import policySchema from "../api/generated/policy.schema.json";
import { COMMON_HEADERS } from "./api-error.ts";

const DOCUMENTS: Readonly<Record<string, { readonly type: string; readonly value: unknown }>> = {
  [`${BASE}/openapi.json`]: { type: "application/json", value: openApi },
  [`${BASE}/policy.schema.json`]: { type: "application/schema+json", value: policySchema },
};

/**
 * The two documents that anybody may read where the API is on: editors fetch the schema without a
 * token, and neither says more than the source does. Made from the schemas by `SY_WRITE=documents npx vitest run test/unit/control/documents.test.ts`.
 */
export function readDocument(request: Request): Response | undefined {
  if (request.method !== "GET") return undefined;
  const document = DOCUMENTS[new URL(request.url).pathname];
  return (
    document &&
    Response.json(document.value, {
      headers: {
        ...COMMON_HEADERS,
        "content-type": document.type,
        "cache-control": "public, max-age=3600",
      },
    })
  );
}
