import { once } from "node:events";
import { request, type ClientRequest, type IncomingMessage } from "node:http";
import { performance } from "node:perf_hooks";
import { HOST } from "../requests.ts";
import type { StreamOrigin } from "./origin-client.ts";

const CHUNK = Buffer.alloc(65_536, "y");

const MIB = 2 ** 20;

const seconds = (since: number) => (performance.now() - since) / 1000;

async function answerTo(sent: ClientRequest): Promise<IncomingMessage> {
  const [answer] = (await once(sent, "response")) as [IncomingMessage];
  if (answer.statusCode !== 200) throw new Error(`answered with ${answer.statusCode}`);
  return answer;
}

/** Reads a body of so many bytes through a Worker; MiB a second. */
export async function download(port: number, bytes: number): Promise<number> {
  const sent = request({
    port,
    host: "127.0.0.1",
    path: `/send/${bytes}`,
    headers: { host: HOST },
  });
  const begun = performance.now();
  const answer = await answerTo(sent.end());
  let read = 0;
  answer.on("data", (chunk: Buffer) => (read += chunk.length));
  await once(answer, "end");
  if (read !== bytes) throw new Error(`${read} of ${bytes} bytes came`);
  return bytes / MIB / seconds(begun);
}

/**
 * Sends a body of so many bytes through a Worker; MiB a second. The rest is not sent before the origin has the
 * beginning: who buffers bodies never gets it.
 */
export async function upload(port: number, bytes: number, origin: StreamOrigin): Promise<number> {
  const began = origin.uploadBegan();
  const headers = { host: HOST, "content-type": "application/octet-stream" };
  const sent = request({ port, host: "127.0.0.1", path: "/receive", method: "POST", headers });
  const answered = answerTo(sent);
  sent.write(CHUNK);
  await Promise.race([began, answered]);
  const begun = performance.now();
  for (let left = bytes - CHUNK.length; left > 0; left -= CHUNK.length) {
    const isRoom = sent.write(left < CHUNK.length ? CHUNK.subarray(0, left) : CHUNK);
    if (!isRoom) await once(sent, "drain");
  }
  sent.end();
  const answer = await answered;
  const parts: Buffer[] = [];
  for await (const part of answer) parts.push(part as Buffer);
  const read = Number(Buffer.concat(parts).toString());
  if (read !== bytes) throw new Error(`${read} of ${bytes} bytes arrived`);
  return bytes / MIB / seconds(begun);
}
