import { once } from "node:events";
import { Agent, request, type IncomingMessage } from "node:http";

/** Connections of the warm-up, kept open. */
const CONNECTIONS = 8;

/**
 * Sends so many requests that no policy answers, as fast as they go. workerd collects no garbage to speak of
 * before its heap is some hundreds of MB, with a Worker that only says hello as well: after some 20 000
 * requests it stays there. Only memory above that level tells anything.
 */
export async function warmUp(url: string, requests: number): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  let left = requests;
  async function client(): Promise<void> {
    while (left-- > 0) {
      const sent = request(`${url}/unknown/`, { agent }).end();
      const [answer] = (await once(sent, "response")) as [IncomingMessage];
      await once(answer.resume(), "end");
    }
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, client));
  agent.destroy();
}
