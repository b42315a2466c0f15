import type { Issue } from "../../lib/issue.ts";
import type { Io } from "../io.ts";
import { style } from "./style.ts";

/** A warning in one line: what is doubtful, where, and what to write instead. */
export function renderWarning(io: Io, { path, message, fix }: Issue): string {
  return `${style(io, "yellow", "warning:")} ${path}: ${message}; ${fix}`;
}
