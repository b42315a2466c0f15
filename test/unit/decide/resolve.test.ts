import { describe, expect, test } from "vitest";

import { explain, summarize } from "../../../src/decide/explain.ts";
import { parseValue } from "../../../src/policy/parse.ts";
import { plan } from "../../../src/preview/plan.ts";
import { factsFrom } from "../../property/arbitraries/facts.ts";
import { ready } from "../../property/population.ts";
import { ORIGIN, single } from "../policy/judge.ts";

const NOBODY = { visitor: undefined, now: 0 };

const through = (resolve: string) => ({ url: `${ORIGIN}/base`, resolve });

describe("the host that is connected to is named", () => {
  test("in an explanation, beside the origin's own", () => {
    const { outcome } = explain(ready({ origin: through("Host.example.com") }), factsFrom({}));
    expect(summarize(outcome, NOBODY)).toMatchObject({
      origin: `${ORIGIN}/base`,
      resolve: "host.example.com",
    });
    const plain = explain(ready(ORIGIN), factsFrom({})).outcome;
    expect(summarize(plain, NOBODY)).not.toHaveProperty("resolve");
  });

  test("of a copy", () => {
    const mirror = { origin: through("host.example.com"), percent: 100 };
    const { steps } = explain(ready(single({ mirror, sticky: false })), factsFrom({}));
    expect(steps.filter(({ step }) => step === "mirror")).toEqual([
      { step: "mirror", outcome: `a copy goes to ${ORIGIN}/base at host.example.com` },
    ]);
  });

  test("in a preview: another one moves visitors", () => {
    const valid = (origin: unknown) => {
      const parsed = parseValue({ origin }, { allowPrivateOrigins: false });
      if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
      return parsed.policy;
    };
    const { paths } = plan(
      "shop.example.com",
      valid({ ...through("old.example.com"), rewrite: { prefix: "/v1" } }),
      valid({ ...through("new.example.com"), rewrite: { prefix: "/v1" } }),
      { now: 0, request: undefined },
    );
    expect(paths).toMatchObject([{ moved: paths[0]?.visitors }]);
    expect(paths[0]?.before[0]?.at?.origin).toBe(`${ORIGIN}/base/v1 at old.example.com`);
    expect(paths[0]?.after[0]?.at?.origin).toBe(`${ORIGIN}/base/v1 at new.example.com`);
  });
});
