/** Why something failed, at the bottom of what it was wrapped in. Never throws, whatever was thrown. */
export function rootReason(error: unknown): string {
  let root = error;
  while (typeof root === "object" && root !== null && "cause" in root && root.cause !== undefined) {
    root = root.cause;
  }
  const message = root instanceof Error ? root.message : String(root);
  // The runtime's log has been printed by then, in a form made for reading.
  return message.replace(/\nRuntime stderr:[\s\S]*/, "");
}
