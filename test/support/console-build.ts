import { buildConsole } from "../../.ci/console.ts";

/** Vitest's globalSetup where the control Worker runs as its configuration says: with the console's files beside it. */
export default buildConsole;
