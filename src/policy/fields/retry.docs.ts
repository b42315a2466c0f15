import type { FieldText } from "./docs-definition.ts";

export const retry: FieldText = {
  value: '`{ "attempts", "on"? }`',
  meaning:
    '1…3 tries after the first, for bodyless GET, HEAD and OPTIONS. `on`: any of `"network"`, `"timeout"`, 502, 503, 504; default all',
};
