import type { FieldText } from "./docs-definition.ts";

export const cors: FieldText = {
  value: '`{ "origins", "methods"?, "headers"?, "expose"?, "credentials"?, "maxAgeSeconds"? }`',
  meaning:
    "[which other origins' pages](#cors) may ask, and read the answers; preflights are answered by the gateway",
};
