import { expect, test } from "vitest";

import { Refused } from "../../../src/api/client/refused.ts";
import type { Problem } from "../../../src/api/problems.ts";
import { ApiError, problem } from "../../../src/control/api-error.ts";

/** What a client makes of a refusal of the control plane. */
async function refused(error: ApiError): Promise<Refused> {
  const answer = problem(error);
  // The server that gave it is ours.
  const told = (await answer.json()) as Problem;
  return new Refused(answer.status, told, { "links-off": "set the secret" });
}

test("a refusal's fix goes apart over the wire: what was found may hold semicolons", async () => {
  const {
    message,
    fix,
    problem: told,
  } = await refused(
    new ApiError("guard-acted", {
      what: "the guard took it back (3 of 9 failed; the limit is 1)",
      fix: 'say "override": true, or give it back by an action',
    }),
  );
  expect(message).toBe("the guard took it back (3 of 9 failed; the limit is 1)");
  expect(fix).toBe('say "override": true, or give it back by an action');
  expect(told.detail).toBe(`${message}; ${fix}`);
});

test.each([
  ["ledger-unavailable", { fix: "wait; then ask" }, "wait; then ask"],
  ["links-off", undefined, "set the secret"],
  ["query-invalid", "one; two", "one; two"],
  ["not-found", undefined, "see docs/control-api.md"],
] as const)(
  "%s says by its title what is wrong, where nothing else does",
  async (code, of, fix) => {
    const told = await refused(new ApiError(code, of));
    expect(told.message).toBe(told.problem.title);
    expect(told.fix).toBe(fix);
  },
);

test("an issue of a policy says both itself", async () => {
  const issues = [{ path: "/percent", message: "must be a number", fix: "write 5" }];
  const told = await refused(new ApiError("policy-refused", { fix: "mend it" }, { issues }));
  expect([told.message, told.fix]).toEqual(["/percent: must be a number", "write 5"]);
});
