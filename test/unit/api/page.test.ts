import { describe, expect, it } from "vitest";
import { OPERATIONS } from "../../../src/api/operations.ts";
import { PROBLEMS } from "../../../src/api/problems.ts";
import * as limits from "../../../src/api/limits.ts";
import { MAX_CHANGES, MAX_PREVIEW_PATHS } from "../../../src/preview/plan.ts";
import { MAX_GOAL_ID_CHARS } from "../../../src/report/measured.ts";
import { ACTION_NAMES } from "../../../src/policy/actions/names.ts";
import { codeIn, grouped, page, tableOf } from "../docs/markdown.ts";

const reference = page("docs/control-api.md");
const rows = (header: string) => tableOf(reference, header).rows;
const code = (cell = "") => codeIn(cell)[0] ?? "";

describe("the page of the control API", () => {
  it("lists the operations of the code, with their roles", () => {
    const told = rows("method").map(([method, path, role]) => [
      code(method),
      code(path),
      code(role),
    ]);
    expect(told).toEqual(OPERATIONS.map(({ method, path, role }) => [method, path, role]));
  });

  it("lists the problems of the code, with their status", () => {
    const told = rows("code").map(([name, status]) => [code(name), Number(status)]);
    expect(told).toEqual(Object.entries(PROBLEMS).map(([name, { status }]) => [name, status]));
  });

  it("lists the actions of the code", () => {
    expect(rows("action").map(([name]) => code(name))).toEqual([...ACTION_NAMES]);
  });

  it("lists the limits of the code", () => {
    const known = [
      limits.MAX_POLICY_BYTES,
      limits.MAX_BODY_BYTES,
      limits.MAX_NOTE_CHARS,
      limits.MAX_IDEMPOTENCY_KEY_CHARS,
      limits.MAX_IDEMPOTENCY_KEYS,
      limits.MAX_TOKEN_CHARS,
      limits.MAX_ROUTES_PER_PAGE,
      limits.MAX_ENTRIES_PER_PAGE,
      limits.MAX_STATUSES_PER_PAGE,
      limits.MAX_METRICS_WINDOW_SECONDS,
      limits.MAX_METRICS_POINTS,
      limits.MAX_POSTED_GOALS,
      MAX_GOAL_ID_CHARS,
      limits.MAX_GOAL_AGE_SECONDS,
      limits.MAX_GOAL_AHEAD_SECONDS,
      limits.MAX_SEARCH_CHARS,
      limits.MAX_CURSOR_CHARS,
      limits.MAX_ECHO_CHARS,
      limits.MAX_ANSWER_CHARS,
      limits.MAX_LINK_SECONDS,
      MAX_CHANGES,
      MAX_PREVIEW_PATHS,
    ];
    expect(rows("what").map(([, most]) => most)).toEqual(known.map((most) => grouped(most)));
  });
});
