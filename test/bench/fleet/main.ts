/** `npm run bench:fleet`: how fast a change is everywhere, and what a fleet costs, simulated. See docs/scaling.md. */
import { parseArgs } from "node:util";

import { changesTable } from "./changes.ts";
import { tenantsTable } from "./tenants.ts";

const { values: options } = parseArgs({
  options: { quick: { type: "boolean", default: false } },
});

console.log(await changesTable(options.quick));
console.log(`\n${await tenantsTable(options.quick)}`);
