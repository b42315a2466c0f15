#!/usr/bin/env node
// What `sy` and `npx sy` start: the check of Node's version, then the command line itself.
require("./require-node.cjs");
require("./compile-cache.cjs");
import("./sy.ts");
