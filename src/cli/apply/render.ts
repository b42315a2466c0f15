import type { Issue } from "../../lib/issue.ts";
import type { Io } from "../io.ts";
import { renderPlan } from "../text/planned.ts";
import { style } from "../text/style.ts";
import { renderWarning } from "../text/warning.ts";
import type { Task } from "./tasks.ts";

const warned = (io: Io, warnings: readonly Issue[]): string[] =>
  warnings.map((warning) => `  ${renderWarning(io, warning)}`);

/** One task for people. */
export function renderTask(io: Io, task: Task): string[] {
  const key = style(io, "bold", task.key);
  switch (task.kind) {
    case "same":
      return [
        `= ${key}  ${style(io, "dim", `version ${task.version} says the same`)}`,
        ...warned(io, task.warnings),
      ];
    case "create":
      return [`${style(io, "green", "+")} ${key}  new`, ...warned(io, task.warnings)];
    case "change":
      return [
        `${style(io, "yellow", "~")} ${key}  from version ${task.from}`,
        ...renderPlan(io, task.plan),
        ...warned(io, task.warnings),
      ];
    case "delete":
      return [`${style(io, "red", "-")} ${key}  deleted: it has no file`];
    case "refused":
    case "held":
      return [`${style(io, "red", "!")} ${key}  ${task.message}; ${task.fix}`];
    default:
      return task satisfies never;
  }
}

/** How many of each, in one line. */
export function summary(tasks: readonly Task[]): string {
  const count = (kind: Task["kind"]) => tasks.filter((task) => task.kind === kind).length;
  const words = [
    [count("create"), "new"],
    [count("change"), "changed"],
    [count("delete"), "deleted"],
    [count("same"), "unchanged"],
    [count("refused") + count("held"), "refused"],
  ] as const;
  return words.flatMap(([n, word]) => (n === 0 ? [] : [`${n} ${word}`])).join(", ");
}
