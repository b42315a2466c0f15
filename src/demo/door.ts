import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

import { LOOPBACK } from "./port.ts";

/** Whoever has said all may still be answered, and nothing waits for more to send along. */
const WAYS = { allowHalfOpen: true, noDelay: true } as const;

/** Hands on what comes, and how it ends: a connection that breaks at one side breaks at the other. */
function lead(from: Socket, to: Socket): void {
  from.pipe(to);
  // Told of by its close.
  from.on("error", () => undefined);
  from.once("close", (isBroken) => {
    if (isBroken) to.resetAndDestroy();
    else to.destroySoon();
  });
}

interface Door {
  /** Lets nobody in any more; who is inside goes on. */
  readonly close: () => void;
}

/**
 * Listens on one port of this machine and leads each connection to the one behind it, byte for byte: what ends at one
 * side ends at the other. Rejects where the port cannot be listened on.
 */
export async function openDoor(port: number, behind: number): Promise<Door> {
  const server = createServer(WAYS, (visitor) => {
    const inside = connect({ host: LOOPBACK, port: behind, ...WAYS });
    lead(visitor, inside);
    lead(inside, visitor);
  }).listen(port, LOOPBACK);
  await once(server, "listening");
  return { close: () => void server.close() };
}
