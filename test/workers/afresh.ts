// Set up before each file: files share a workerd, and none may find what another has stored.
import { reset } from "cloudflare:test";
import { beforeAll } from "vitest";

beforeAll(async () => {
  await reset();
});
