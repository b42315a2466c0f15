import { ACTION_NAMES } from "../policy/actions/names.ts";
import type { Definition } from "./definition.ts";
import { EDITED, EDIT_PROBLEMS } from "./edited.ts";

export const ROUTE_ACTIONS = {
  runAction: {
    method: "POST",
    path: "/routes/:key/actions/:action",
    role: "operate",
    summary: ACTION_NAMES.join(", ").replace(/, (?=\w+$)/, " or "),
    bodyOptional: true,
    answers: { 200: EDITED },
    edits: true,
    problems: [...EDIT_PROBLEMS, "not-found", "action-refused", "gateway-too-old"],
  },
} as const satisfies Record<string, Definition>;
