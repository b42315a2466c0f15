#!/usr/bin/env node
// The command line: `npm run sy -- …` in the repository, `sy …` where the package is linked.
import { processIo } from "./io.ts";
import { main } from "./main.ts";

// Whoever reads only the first lines (`sy list | head`) has not made an error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  process.exit(error.code === "EPIPE" ? 0 : 1);
});

process.exitCode = await main(process.argv.slice(2), processIo());
