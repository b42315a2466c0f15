import * as fc from "fast-check";

import { characters } from "./text.ts";

const PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~!$&'()*+,;=:@";

/** Any character, percent-encoded. */
const encoded = characters.map((character) => {
  const text = encodeURIComponent(character);
  return text === character ? `%${character.charCodeAt(0).toString(16)}` : text;
});

/** A segment of a path, as fast-check's `webSegment`, which takes a second to make an index of all characters. */
export const webSegments: fc.Arbitrary<string> = fc.string({
  unit: fc.oneof(
    { arbitrary: fc.constantFrom(...PLAIN.split("")), weight: 10 },
    { arbitrary: encoded, weight: 1 },
  ),
});

/** A path, as fast-check's `webPath`. */
export const webPaths: fc.Arbitrary<string> = fc
  .array(webSegments)
  .map((segments) => segments.map((segment) => `/${segment}`).join(""));

/** A URL, as fast-check's `webUrl`. */
export const webUrls: fc.Arbitrary<string> = fc
  .tuple(fc.constantFrom("http", "https"), fc.webAuthority(), webPaths)
  .map(([scheme, authority, path]) => `${scheme}://${authority}${path}`);
