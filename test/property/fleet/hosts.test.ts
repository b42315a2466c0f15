import { expect, test } from "vitest";

import { hostsOverPaths } from "../../bench/fleet/hosts-over-paths.ts";

/** As many requests an isolate as in the fleet of `npm run bench`, of fewer of them. */
const FLEET = { tenants: 2000, requestsPerMonth: 12_500_000, isolates: 10, seconds: 100 };

test.each([false, true])(
  "custom hosts read at most a twentieth more keys of KV than path tenants, with a hub: %s",
  async (hub) => {
    expect(await hostsOverPaths({ ...FLEET, hub })).toBeLessThanOrEqual(1.05);
  },
);
