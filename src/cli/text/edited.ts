import type { Edited } from "../../api/edited.ts";
import { note, print, printJson, type Io } from "../io.ts";
import { renderPlan } from "./planned.ts";
import { style } from "./style.ts";
import { renderWarning } from "./warning.ts";

/** Characters shown of a value that was replaced: enough to know it again. */
const MAX_REPLACED_CHARS = 200;

function stateOf(io: Io, { version, published, unchanged, reason }: Edited): string {
  if (unchanged)
    return style(io, "dim", `nothing to do${reason === undefined ? "" : `: ${reason}`}`);
  return published >= version
    ? style(io, "green", "published")
    : style(io, "yellow", `KV still has version ${published}, and will have this one`);
}

/** Prints what an accepted edit came to, and whether the data plane has it yet; what it replaced and what is doubtful go to stderr. */
export function printEdited(io: Io, json: boolean | undefined, edited: Edited): void {
  if (json === true) return printJson(io, edited);
  const { key, version, plan, warnings, replaced } = edited;
  print(io, `${style(io, "bold", key)}  version ${version}  ${stateOf(io, edited)}`);
  if (plan !== undefined) print(io, ...renderPlan(io, plan));
  for (const warning of warnings) note(io, renderWarning(io, warning));
  if (replaced === undefined) return;
  const text = (replaced.text ?? "nothing at all").slice(0, MAX_REPLACED_CHARS);
  note(io, `replaced what somebody had put to KV by hand (${replaced.bytes} bytes): ${text}`);
}
