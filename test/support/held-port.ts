import type { StdioOptions } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";

export interface HeldPort {
  readonly port: number;
  /** For `spawn`: the listening socket goes last, so as descriptor 3 behind the usual three. */
  readonly stdioWith: (
    first: readonly ["ignore", "ignore" | "inherit", "pipe" | "inherit"],
  ) => StdioOptions;
  /** Lets go of this process's share, once the child has its own: the socket lives on there. */
  readonly handedOver: () => void;
}

/**
 * A free port of 127.0.0.1 that listens already, for a program that cannot be told to take any and to say which: it is
 * held until the program has it, so nobody else can get it in between, and who connects early waits and is not refused.
 */
export async function holdPort(): Promise<HeldPort> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no free port");
  // Node tells no server's descriptor otherwise, and takes streams in its place that read and write, which this does not.
  const { fd } = (server as unknown as { readonly _handle: { readonly fd: number } })._handle;
  return {
    port: address.port,
    stdioWith: (first) => [...first, fd],
    handedOver: () => void server.close(),
  };
}
