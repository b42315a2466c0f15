/** The gateway's error catalogue: a stable code, its status, and a line for people. Nothing else ever reaches a client. */
export const PROBLEMS = {
  "request-invalid": { status: 400, title: "This request names no valid host" },
  "tenant-required": { status: 400, title: "This path names no storefront or tenant" },
  "route-not-found": { status: 404, title: "No route for this request" },
  "path-not-mapped": { status: 404, title: "No origin is mapped to this path" },
  "policy-invalid": { status: 503, title: "The route is misconfigured" },
  "config-unavailable": {
    status: 503,
    title: "The route's configuration cannot be read just now",
  },
  "origin-unreachable": { status: 502, title: "The origin cannot be reached" },
  "origin-timeout": { status: 504, title: "The origin did not answer in time" },
  "loop-detected": { status: 508, title: "The request has been through this gateway already" },
  "internal-error": { status: 500, title: "The gateway failed" },
} as const;

export type ProblemCode = keyof typeof PROBLEMS;
