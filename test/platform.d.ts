/** Names of Cloudflare's types, for tests on Node that import Worker code; the Worker itself is checked by src/tsconfig.json. */
import type * as platform from "@cloudflare/workers-types";
import type { webcrypto } from "node:crypto";

declare global {
  type AnalyticsEngineDataPoint = platform.AnalyticsEngineDataPoint;
  type AnalyticsEngineDataset = platform.AnalyticsEngineDataset;
  type CfProperties = platform.CfProperties;
  type ExecutionContext = platform.ExecutionContext;
  type Fetcher = platform.Fetcher;
  type KVNamespace = platform.KVNamespace;
  type RateLimit = platform.RateLimit;

  /** A global in Node as well, which its types know as a value only. */
  type CryptoKey = webcrypto.CryptoKey;

  /** Node has one too, in `node:timers/promises`; only the Worker reads this global. */
  const scheduler: platform.Scheduler;

  /** Streams of bytes that the Worker's own runtime moves. */
  const IdentityTransformStream: new () => TransformStream<Uint8Array, Uint8Array>;
  const FixedLengthStream: new (length: number) => TransformStream<Uint8Array, Uint8Array>;

  interface Request {
    readonly cf?: platform.IncomingRequestCfProperties;
  }

  interface ResponseInit {
    webSocket?: platform.WebSocket | null;
  }

  interface Response {
    readonly webSocket?: platform.WebSocket | null;
  }
}
