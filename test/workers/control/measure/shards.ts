import type { ControlEnv } from "../../../../src/config/control.ts";
import type { Hub } from "../../../../src/hub/hub.ts";
import { shardName } from "../../../../src/report/shard.ts";
import { testEnv } from "../api.ts";

type Stub = DurableObjectStub<Hub>;

/** The real shards, with some of a shard's methods in place of its own. */
export function withShards(
  change: (shard: string, real: Stub) => Partial<Record<keyof Hub, unknown>>,
): ControlEnv {
  const { HUBS } = testEnv;
  if (HUBS === undefined) throw new Error("no binding");
  const getByName = (name: string): Stub => {
    const real = HUBS.getByName(name);
    const changed = change(name, real);
    return new Proxy(real, {
      get: (_, method) =>
        method in changed
          ? changed[method as keyof Hub]
          : // A stub's methods are its own properties of a kind: asked for, not bound.
            (real[method as keyof Stub] as unknown),
    });
  };
  return { ...testEnv, HUBS: { getByName } as unknown as DurableObjectNamespace<Hub> };
}

/** Shards that fail, whatever they are asked, beside others that work. */
export function withDown(...shards: readonly number[]): ControlEnv {
  const down = new Set(shards.map(shardName));
  const fail = async (): Promise<never> => {
    throw new Error("the shard is down, says a secret place");
  };
  const failing = {
    metrics: fail,
    results: fail,
    exposures: fail,
    statusPage: fail,
    takeGoals: fail,
    forget: fail,
  };
  return withShards((shard) => (down.has(shard) ? failing : {}));
}
