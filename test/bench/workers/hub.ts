/** A hub that answers every report with no news. */
import { WorkerEntrypoint } from "cloudflare:workers";

const SEQUENCE = /"sequence":(\d+)/;

export class HubReports extends WorkerEntrypoint {
  async report(_shard: number, text: string): Promise<string> {
    const sequence = Number(SEQUENCE.exec(text)?.[1]);
    return JSON.stringify({
      v: 1,
      sequence,
      nextMs: 5000,
      routes: [],
      unknown: [],
      more: false,
      created: [],
      cursor: 1,
    });
  }
}

export default {
  fetch: () => new Response(null, { status: 404 }),
} satisfies ExportedHandler;
