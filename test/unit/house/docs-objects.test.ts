import { expect, test } from "vitest";

import { loadedFrom } from "./loaded.ts";

test.each(["index.ts", "control/index.ts"])(
  "%s loads every definition of the policy language, and no text that only people read",
  (entry) => {
    const loaded = loadedFrom(entry);
    expect(loaded).toContain("policy/strategies/path-map.ts");
    expect(loaded).toContain("policy/conditions/bot.ts");
    expect([...loaded].filter((file) => /(?:^|[/.])docs\.ts$/.test(file))).toEqual([]);
  },
);

test("the walk would find such a text", () => {
  expect(loadedFrom("api/openapi/policy-schema.ts")).toContain("policy/fields/sticky.docs.ts");
});
