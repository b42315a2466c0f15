import { fork } from "node:child_process";
import { once } from "node:events";

export interface StreamOrigin {
  /** `http://127.0.0.1:<port>`; `/send/<bytes>`, `/receive`, `/events`, and WebSockets that echo. */
  readonly url: string;
  /** Resolves once the first bytes of the next upload have arrived. */
  uploadBegan(): Promise<void>;
  /** Sends an event to all who listen; how many those are. */
  tell(): Promise<number>;
  close(): void;
}

/** Starts the origin in a process of its own. */
export async function startStreamOrigin(): Promise<StreamOrigin> {
  const child = fork(new URL("origin.ts", import.meta.url), { stdio: "inherit" });
  const [{ port }] = (await once(child, "message")) as [{ port: number }];
  return {
    url: `http://127.0.0.1:${port}`,
    uploadBegan: async () => void (await once(child, "message")),
    tell: async () => {
      const answered = once(child, "message") as Promise<[{ told: number }]>;
      child.send("tell");
      const [{ told }] = await answered;
      return told;
    },
    close: () => child.disconnect(),
  };
}
