// Loaded before any TypeScript: Node keeps what it compiles, so that `sy` starts in a third of the time.
// Below `XDG_CACHE_HOME`, else `~/.cache`, and nowhere where neither is known: whoever can write there can
// run code as this user, so a folder that all users share, which is Node's default, will not do.
const { enableCompileCache } = require("node:module");
const { isAbsolute, join } = require("node:path");

const wanted = process.env["XDG_CACHE_HOME"] ?? "";
const home = process.env["HOME"] ?? process.env["USERPROFILE"] ?? "";
const caches = isAbsolute(wanted) ? wanted : isAbsolute(home) ? join(home, ".cache") : undefined;
if (caches !== undefined) enableCompileCache(join(caches, "switchyard"));
