// Loaded before any TypeScript, on whatever Node there is: plain old JavaScript, so that an old Node
// gets as far as saying that it is too old, where TypeScript would be a stack trace.
var needed = require("../../package.json").engines.node;
var least = Number(/\d+/.exec(needed)[0]);

if (Number(process.versions.node.split(".")[0]) < least) {
  console.error(
    "Switchyard needs Node " +
      least +
      " or newer, and this is " +
      process.versions.node +
      "; install it from https://nodejs.org, or use the one that npm ci brings: npm run -s sy -- …, npm start",
  );
  process.exit(1);
}
