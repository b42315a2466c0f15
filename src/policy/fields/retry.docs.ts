import type { FieldText } from "./docs-definition.ts";

export const retry: FieldText = {
  value: '`{ "attempts", "on"?, "backoffMs"? }`',
  meaning:
    '1…10 tries after the first, for bodyless GET, HEAD and OPTIONS. `on`: any of `"network"`, `"timeout"` and the statuses 400…599; default `"network"`, `"timeout"`, 502, 503, 504. `backoffMs`: the least wait before the first (0…60 000), doubled for each next up to ten times. [A budget](operations.md#time-outs) holds them to a fifth of a route\'s requests',
};
