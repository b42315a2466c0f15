import { readFileSync } from "node:fs";

import * as v from "valibot";

/** The part of esbuild's metafile that tells how many bytes of the output each input became. */
const Metafile = v.object({
  outputs: v.record(
    v.string(),
    v.object({ inputs: v.record(v.string(), v.object({ bytesInOutput: v.number() })) }),
  ),
});

/** A package, a room of the gateway, or a room of src. */
const ROOM = /(?:^|\/)(?:node_modules\/((?:@[^/]+\/)?[^/]+)|(src\/gateway\/[^/.]+|src\/[^/.]+))/;

/** How much of a Worker each room is: parts of the whole, the largest first. Shares are those of the minified text, which compresses about alike. */
export function roomsOf(metafile: string): readonly (readonly [room: string, share: number])[] {
  const { outputs } = v.parse(Metafile, JSON.parse(readFileSync(metafile, "utf8")));
  const rooms = new Map<string, number>();
  let all = 0;
  for (const { inputs } of Object.values(outputs)) {
    for (const [file, { bytesInOutput }] of Object.entries(inputs)) {
      const [, library, own] = ROOM.exec(file) ?? [];
      const room = library ?? own ?? "src";
      rooms.set(room, (rooms.get(room) ?? 0) + bytesInOutput);
      all += bytesInOutput;
    }
  }
  return [...rooms]
    .map(([room, bytes]) => [room, bytes / all] as const)
    .toSorted(([, a], [, b]) => b - a);
}
