#!/usr/bin/env node
// What `sy` and `npx sy` start: the check of Node's version, then the command line itself.
require("./require-node.cjs");
require("./compile-cache.cjs");
const { existsSync } = require("node:fs");
const { join } = require("node:path");
const { pathToFileURL } = require("node:url");

// In the package that npm pack makes there is no TypeScript, which Node takes none of below node_modules, but a bundle.
const source = join(__dirname, "sy.ts");
const bundle = join(__dirname, "../../dist/sy.mjs");
import(pathToFileURL(existsSync(source) ? source : bundle).href);
