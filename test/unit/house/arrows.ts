/** The rooms of `src/`, and what each may import besides itself: the left may import the right. */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  index: ["gateway", "config"],
  config: ["policy", "lib"],
  lib: [],
  policy: ["lib"],
  decide: ["policy", "lib"],
  preview: ["decide", "policy", "lib"],
  override: ["lib"],
  api: ["preview", "decide", "policy", "report", "stats", "lib"],
  report: ["lib"],
  stats: ["lib"],
  import: ["policy", "lib"],
  gateway: ["decide", "policy", "report", "override", "config", "lib"],
  hub: ["report", "stats", "decide", "policy", "config", "lib"],
  ledger: ["preview", "decide", "policy", "report", "api", "config", "lib"],
  control: [
    "hub",
    "ledger",
    "api",
    "preview",
    "decide",
    "policy",
    "report",
    "stats",
    "override",
    "config",
    "lib",
  ],
  cli: ["import", "api", "preview", "decide", "policy", "override", "stats", "lib"],
  demo: ["cli", "api", "policy", "lib"],
  console: ["import", "api", "preview", "decide", "policy", "report", "stats", "lib"],
};

/** The names of all rooms. */
export const ROOMS: readonly string[] = Object.keys(ARROWS);

/** Rooms that are one file in `src/` rather than a folder. */
const FILES = new Set(["index"]);

/** Rooms that may use Node. */
export const ON_NODE = new Set(["cli", "demo"]);

/** Rooms that may ask workerd for more than its globals. */
export const ON_WORKERD = new Set(["index", "gateway", "hub", "ledger", "control"]);

/** Whether the linter has to let an import pass. */
export function mayImport(from: string, to: string): boolean {
  return from === to || ARROWS[from]?.includes(to) === true;
}

/** The room that a path under `src/` stands in: `decide/strategies/single.ts` stands in decide. */
export function roomOf(path: string): string {
  return (path.split("/")[0] ?? "").replace(/\.ts$/, "");
}

/** A path under `src/` that stands in a room, `depth` folders down where the room is a folder. */
export function pathIn(room: string, depth: number, name: string): string {
  return FILES.has(room) ? `${room}.ts` : `${room}/${"deep/".repeat(depth)}${name}.ts`;
}
