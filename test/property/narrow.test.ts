import * as fc from "fast-check";
import { expect, test } from "vitest";
import { compile } from "../../src/policy/compile.ts";
import { narrow } from "../../src/preview/narrow.ts";
import { previewPath } from "../../src/preview/preview-path.ts";
import { askedBy } from "../../src/preview/synthetic.ts";
import { factsFrom, scenes } from "./arbitraries/facts.ts";
import { policies } from "./arbitraries/policies.ts";

const VISITORS = 60;

// A plan sends its visitors through narrowed policies: what it says must be what the whole ones do.
test("a narrowed policy decides as the whole one does, for every visitor who asks for the same", () => {
  fc.assert(
    fc.property(policies(), policies(), scenes, fc.nat(86_400_000), (before, after, scene, ms) => {
      const [from, to] = [compile(before, "shop"), compile(after, "shop")];
      const base = { ...factsFrom(scene), override: undefined };
      const asked = askedBy([from, to]);
      const later = base.now + ms;
      expect(
        previewPath(
          narrow(from, base, asked),
          narrow(to, base, asked),
          base,
          VISITORS,
          later,
          asked,
        ),
      ).toEqual(previewPath(from, to, base, VISITORS, later, asked));
    }),
    { numRuns: 150 },
  );
});
