import { describe, expect, test } from "vitest";

import { OPERATIONS } from "../../../../src/api/operations.ts";
import { Refused } from "../../../../src/api/client/refused.ts";
import { COMMON_PROBLEMS, type ProblemCode } from "../../../../src/api/problems.ts";
import { answerTo, type Answer } from "../../../../src/console/parts/refusals.ts";
import { Failure } from "../../../../src/lib/failure.ts";

const refused = (code: string) =>
  new Refused(409, { type: "about:blank", title: "No", status: 409, code }, {});

const answer = (code: string): Answer => {
  const found = answerTo(refused(code));
  if (found === undefined) throw new Error(`nothing is said of ${code}`);
  return found;
};

/** Whatever an edit, or its preview, may meet. */
const MET = new Set<ProblemCode>([
  ...COMMON_PROBLEMS,
  ...OPERATIONS.filter(({ id, edits = false }) => edits || id === "preview").flatMap(
    ({ problems }) => problems,
  ),
]);

/** What no page of the API's own release meets. */
const UNASKED = [
  "query-invalid",
  "key-invalid",
  "cross-site",
  "not-found",
  "method-not-allowed",
  "unsupported-media-type",
  "header-invalid",
  "precondition-required",
  "idempotency-mismatch",
];

describe("what an edit may be refused with", () => {
  test("is told in words of its own, but for what no page of the same release meets", () => {
    const elsewhere = answer("a code of another release");
    const codes = [...MET].filter((code) => answer(code) === elsewhere);
    expect(codes.toSorted()).toEqual(UNASKED.toSorted());
    expect(elsewhere).toMatchObject({ kind: "advice" });
  });

  test("that somebody may go ahead over says what happened, what comes of it, and on a button how", () => {
    const ways = [...MET].map(answer).filter(({ kind }) => kind === "over");
    expect(ways.length).toBeGreaterThan(0);
    for (const way of ways)
      expect(way).toMatchObject({
        title: expect.stringMatching(/^[A-Z]/) as unknown,
        says: expect.stringMatching(/^[A-Z]/) as unknown,
        consequence: expect.stringMatching(/^[A-Z].*\.$/) as unknown,
      });
  });

  test("is gone over by what the API takes for it, and only where it takes something", () => {
    const ways = [...MET].flatMap((code) => {
      const found = answer(code);
      return found.kind === "over" ? [[code, found.allow] as const] : [];
    });
    expect(Object.fromEntries(ways)).toEqual({
      drift: { override: true },
      "taken-back": { override: true },
      "guard-acted": { override: true },
      "gateway-too-old": { override: true },
      reshuffle: { allowReshuffle: true },
    });
  });

  test("leads on: to who was quicker, to the history, to the API's own words", () => {
    expect(answer("precondition-failed")).toEqual({ kind: "outrun" });
    for (const code of ["route-not-found", "ledger-unavailable", "internal-error"])
      expect(answer(code)).toMatchObject({ kind: "advice", toHistory: true });
    for (const code of ["policy-refused", "action-refused"])
      expect(answer(code)).toEqual({ kind: "mend" });
  });

  test("may be no answer at all: what is known of it then is said too", () => {
    const unreachable = new Failure("nothing answers", "check it", { code: "unreachable" });
    expect(answerTo(unreachable)).toMatchObject({ kind: "advice", toHistory: true });
    expect(answerTo(new Failure("odd", "mend it"))).toMatchObject({ fix: "mend it" });
    expect(answerTo(new TypeError("ours"))).toBeUndefined();
  });
});
