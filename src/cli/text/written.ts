import { print, printJson, type Io } from "../io.ts";
import type { Edited } from "../../api/edited.ts";
import { renderPlan } from "./planned.ts";
import { style } from "./style.ts";

/** Tells what an accepted edit came to, and whether the data plane has it yet. */
export function tellWritten(io: Io, json: boolean | undefined, written: Edited): void {
  if (json === true) return printJson(io, written);
  const { key, version, published, unchanged, plan } = written;
  const state = unchanged
    ? style(io, "dim", "unchanged")
    : published >= version
      ? style(io, "green", "published")
      : style(io, "yellow", `KV still has version ${published}, and will have this one`);
  print(io, `${style(io, "bold", key)}  version ${version}  ${state}`);
  if (plan !== undefined) print(io, ...renderPlan(io, plan));
}
