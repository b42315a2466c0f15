import type { HeaderEdit } from "../../policy/compiled.ts";

/** Sets, adds and removes what a policy says, in the order of the list. */
export function applyEdits(headers: Headers, edits: readonly HeaderEdit[]): void {
  for (const { kind, name, value } of edits) {
    switch (kind) {
      case "set":
        headers.set(name, value);
        break;
      case "add":
        headers.append(name, value);
        break;
      case "remove":
        headers.delete(name);
        break;
      default:
        kind satisfies never;
    }
  }
}
