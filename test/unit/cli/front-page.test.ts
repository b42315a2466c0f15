import { expect, test } from "vitest";

import { frontPage } from "../../../src/cli/access/front-page.ts";

test.each([
  ["shop.example.com", "https://control.example.com", "https://shop.example.com/"],
  ["shop.example.com", "https://control.example.com:8443", "https://shop.example.com/"],
  ["storefrontA", "https://control.example.com", undefined],
  ["*.example.com", "https://control.example.com", undefined],
  ["*", "http://127.0.0.1:8788", undefined],
  ["ab.localhost", "http://127.0.0.1:8788", "http://ab.localhost:8787/"],
  ["storefrontA", "http://127.0.0.1:8788", "http://127.0.0.1:8787/storefrontA/"],
  ["storefrontA", "http://localhost:9001", "http://localhost:9000/storefrontA/"],
])("the front page of %s by the control plane at %s is %s", (key, control, page) => {
  expect(frontPage(key, control)).toBe(page);
});
