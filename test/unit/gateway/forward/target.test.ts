import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { targetUrl } from "../../../../src/gateway/forward/target.ts";
import { normalPath } from "../../../../src/lib/path.ts";
import { check } from "../../../support/property.ts";

const origin = (base: string) => ({
  origin: "https://o.example:8443",
  host: "o.example:8443",
  base,
});

describe("where a request goes", () => {
  test.each([
    ["", "/x", "?a=b", "https://o.example:8443/x?a=b"],
    ["/base", "/x", "", "https://o.example:8443/base/x"],
    ["/v3", "", "", "https://o.example:8443/v3"],
    ["/v3", "/", "", "https://o.example:8443/v3/"],
    ["/v3", "", "?q", "https://o.example:8443/v3?q"],
    ["", "", "?", "https://o.example:8443/?"],
    ["/base", "//evil.example/x", "", "https://o.example:8443/base//evil.example/x"],
    ["", "//evil.example/x", "", "https://o.example:8443//evil.example/x"],
    ["", "/@evil.example", "?@", "https://o.example:8443/@evil.example?@"],
  ])("base %j and path %j", (base, path, search, url) => {
    expect(targetUrl(origin(base), path, search)).toBe(url);
  });

  test("what is matched is what is forwarded: no path changes once it is in normal form", () => {
    const piece = fc.constantFrom(
      ..."/ / . .. %2e %2E %2f %5c \\ ; // %00 %25 % %% %3 %32%65 %c0%af é a b ~ | ^ [ ]".split(
        " ",
      ),
    );
    const path = fc.array(piece, { maxLength: 12 }).map((pieces) => `/${pieces.join("")}`);
    check(
      fc.property(path, (text) => {
        const seen = normalPath(new URL(`http://h${text}`).pathname);
        expect(normalPath(seen)).toBe(seen);
        const target = new URL(targetUrl(origin("/base"), seen, ""));
        expect(target.origin + target.pathname).toBe(`https://o.example:8443/base${seen}`);
      }),
      { runs: 5000 },
    );
  });
});
