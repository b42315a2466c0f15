import type { FieldText } from "./docs-definition.ts";

export const rewrite: FieldText = {
  value: '`{ "path"?, "prefix"? }`',
  meaning:
    "one of both: [the path as it is forwarded](#rewrites), whole, or with this in place of the prefix that a key or a rule matched. Default: as it came",
};
