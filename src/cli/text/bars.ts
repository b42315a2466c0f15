import type { PathPreview, Destination } from "../../preview/preview-path.ts";
import type { Io } from "../io.ts";
import { style } from "./style.ts";
import { columns } from "./table.ts";

/** Characters of a bar that stands for everybody. */
const BAR_WIDTH = 40;

const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/** A bar of a share from 0 to 1, to an eighth of a character; a share above 0 is never invisible. */
export function bar(share: number, width: number = BAR_WIDTH): string {
  const eighths = Math.max(share > 0 ? 1 : 0, Math.round(share * width * 8));
  return "█".repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? "");
}

/** A whole number with spaces between thousands. */
export function grouped(count: number): string {
  return String(count).replaceAll(/\B(?=(\d{3})+$)/g, " ");
}

/** A share from 0 to 1 as percent, with one digit after the point. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

/** A destination as people name it. */
export function named(at: Destination | null): string {
  return at?.variant ?? "(no prefix)";
}

/** Who gets which variant, as a bar chart. */
export function distribution(io: Io, { after, visitors }: PathPreview): string[] {
  return columns(
    after.map(({ at, visitors: count }) => [
      style(io, "bold", named(at)),
      style(io, "cyan", bar(count / visitors).padEnd(BAR_WIDTH)),
      percent(count / visitors).padStart(7),
      grouped(count).padStart(grouped(visitors).length),
      style(io, "dim", at?.origin ?? ""),
    ]),
  );
}
