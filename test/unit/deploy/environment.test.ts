import { expect, test } from "vitest";

import { hasEnvironment, sectionsOf, withEnvironment } from "../../../.ci/deploy/environment.ts";
import { varIn, withVar } from "../../../.ci/deploy/toml.ts";

const FILE = `name = "g"
routes = [{ pattern = "shop.example.com", custom_domain = true }]
define = { WITHOUT_WORDS = "true" }

[[kv_namespaces]] # shared
binding = "ROUTING_CONFIG"
id = "0123456789abcdef0123456789abcdef"
# commented = "out"

[[services]]
binding = "HUB"
service = "switchyard" # control

[[services]]
binding = "API"
service = "api"

[[analytics_engine_datasets]]
binding = "METRICS"
dataset = "switchyard"

[observability]
enabled = true

[vars]
# Whose traffic.
TENANT_BY = "host"
ADMIN_HOST = "control.example.com"
COLO_COPY_HOST = "shop.example.com"
ENVIRONMENT = "live"
`;

test("an environment has again what is not inherited, and nothing that is production's", () => {
  expect(sectionsOf(FILE, "pre-prod").split("\n").slice(1).join("\n")).toBe(`[env.pre-prod]
workers_dev = true
routes = []
define = { WITHOUT_WORDS = "true" }

[[env.pre-prod.kv_namespaces]]
binding = "ROUTING_CONFIG"

[[env.pre-prod.services]]
binding = "HUB"
service = "switchyard-pre-prod" # control

[[env.pre-prod.services]]
binding = "API"
service = "api"

[[env.pre-prod.analytics_engine_datasets]]
binding = "METRICS"
dataset = "switchyard_pre_prod"

[env.pre-prod.vars]
TENANT_BY = "host"
ENVIRONMENT = "pre-prod"
`);
});

test("an environment is made once, and another one beside it", () => {
  expect(hasEnvironment(FILE, "staging")).toBe(false);
  const once = withEnvironment(FILE, "staging");
  expect(once.startsWith(FILE)).toBe(true);
  expect(hasEnvironment(once, "staging")).toBe(true);
  expect(hasEnvironment(once, "stag")).toBe(false);
  expect(withEnvironment(once, "staging")).toBe(once);
  const both = withEnvironment(once, "qa");
  // Made of production, not of the first one.
  expect(both.slice(once.length)).not.toContain("staging");
});

test("a var is written where it belongs, and nothing else moves", () => {
  const changed = withVar(FILE, undefined, "TENANT_BY", "path");
  expect(changed).toBe(FILE.replace('TENANT_BY = "host"', 'TENANT_BY = "path"'));
  expect(varIn(changed, undefined, "TENANT_BY")).toBe('"path"');
  const added = withVar(FILE, undefined, "MAX_ROUTES", 5);
  expect(varIn(added, undefined, "MAX_ROUTES")).toBe("5");
  expect(added.replace("MAX_ROUTES = 5\n", "")).toBe(FILE);
  const env = withVar(FILE, "qa", "MAX_ROUTES", 5);
  expect(env).toBe(`${FILE}\n[env.qa.vars]\nMAX_ROUTES = 5\n`);
  expect(varIn(env, undefined, "MAX_ROUTES")).toBeUndefined();
});
