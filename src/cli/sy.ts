// The command line: `npm run sy -- …` in the repository, `sy …` where the package is linked.
import { processIo } from "./io.ts";
import { main } from "./main.ts";
import { systemFailure } from "./system-failure.ts";

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  // Whoever reads only the first lines (`sy list | head`) has not made an error.
  if (error.code === "EPIPE") process.exit(0);
  const { message, fix } = systemFailure(error) ?? { message: error.message, fix: "try again" };
  process.stderr.write(`sy: ${message}; ${fix}\n`);
  process.exit(1);
});
// Nobody reads errors any more.
process.stderr.on("error", () => process.exit(1));

process.exitCode = await main(process.argv.slice(2), processIo());
