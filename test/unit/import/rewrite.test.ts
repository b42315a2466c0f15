import { describe, expect, test } from "vitest";

import { importManifests } from "../../../src/import/manifests.ts";
import { gatewayWith } from "./asked.ts";
import { httpRoute, imported, originOf, to, told, withFilter } from "./made.ts";

const A = originOf("a");
const B = originOf("b");

describe("a rewrite", () => {
  const rewriting = (urlRewrite: object, path: object = { value: "/x" }): object =>
    withFilter({ type: "URLRewrite", urlRewrite }, { matches: [{ path }] });
  const prefix = (replacePrefixMatch: string): object => ({
    path: { type: "ReplacePrefixMatch", replacePrefixMatch },
  });
  const whole = { path: { type: "ReplaceFullPath", replaceFullPath: "/whole" } };

  test.each([
    [prefix("/y"), { value: "/x" }, "/x/a?b", "/y/a?b"],
    [prefix("/y/"), { value: "/x/" }, "/x", "/y"],
    [prefix("/"), { value: "/x" }, "/x/a", "/a"],
    [prefix("/"), { value: "/x" }, "/x", "/"],
    [prefix(""), { value: "/x" }, "/x/a", "/a"],
    [prefix("/y"), { value: "/" }, "/a", "/y/a"],
    [whole, { value: "/x" }, "/x/a?b", "/whole?b"],
    [whole, { type: "Exact", value: "/x" }, "/x", "/whole"],
  ])("%j of %j forwards %s as %s", async (urlRewrite, path, asked, forwarded) => {
    const { policies, reports } = imported(rewriting(urlRewrite, path));
    expect(reports).toEqual([]);
    const answer = await gatewayWith(policies)({ host: "shop.example.com", path: asked });
    expect(answer.forwarded?.path).toBe(forwarded);
  });

  test("of the host is a backend's that is told it, and reached at its own", async () => {
    const { policies, reports } = imported(
      rewriting({ hostname: "one.example.org", ...prefix("/y") }),
    );
    expect(reports).toEqual([]);
    expect(policies["shop.example.com"]).toEqual({
      strategy: "path-map",
      paths: {
        "/x": {
          origin: { url: "https://one.example.org", resolve: "a.origin.example" },
          rewrite: { prefix: "/y" },
        },
      },
    });
    const { forwarded } = await gatewayWith(policies)({ host: "shop.example.com", path: "/x/a" });
    expect(forwarded).toMatchObject({
      origin: "https://one.example.org",
      path: "/y/a",
      init: { cf: { resolveOverride: "a.origin.example" } },
    });
  });

  test("of the host of one backend goes before the rule's, and one that it has is none", () => {
    const filter = (hostname: string) => ({ type: "URLRewrite", urlRewrite: { hostname } });
    const route = httpRoute({
      rules: [
        {
          filters: [filter("rule.example.org")],
          backendRefs: [
            to("a", { filters: [filter("own.example.org")] }),
            to("b"),
            to("c", { filters: [filter("c.origin.example")] }),
          ],
        },
      ],
    });
    expect(imported(route).policies["shop.example.com"]).toMatchObject({
      variants: [
        { origin: { url: "https://own.example.org", resolve: "a.origin.example" } },
        { origin: { url: "https://rule.example.org", resolve: "b.origin.example" } },
        { origin: "https://c.origin.example" },
      ],
    });
  });

  test.each(["https://192.0.2.7:8443", "http://[2001:db8::1]/base"])(
    "of the host needs an origin that has one: not %s",
    (origin) => {
      const route = rewriting({ hostname: "one.example.org" });
      const backends = new Map([["default/a:80", origin]]);
      const field = "spec.rules[0].filters[0].urlRewrite.hostname";
      const message = `cannot be said of an origin at an address: name one for ${new URL(origin).hostname} with a host name`;
      expect(importManifests([route], backends).reports).toMatchObject([{ field, message }]);
    },
  );

  test("of a prefix needs one", () => {
    const route = rewriting(prefix("/y"), { type: "Exact", value: "/x" });
    expect(told(imported(route))).toEqual(["error spec.rules[0].filters[0].urlRewrite.path"]);
  });

  test("of one backend is that backend's", async () => {
    const filters = [{ type: "URLRewrite", urlRewrite: whole }];
    const { policies } = imported(
      httpRoute({ rules: [{ backendRefs: [to("a", { filters }), to("b")] }] }),
    );
    const ask = gatewayWith(policies);
    const paths = new Set<string>();
    for (let i = 0; i < 60; i += 1) {
      const { forwarded } = await ask({ host: "shop.example.com", path: "/x" });
      paths.add(`${forwarded?.origin}${forwarded?.path}`);
    }
    expect([...paths].toSorted()).toEqual([`${A}/whole`, `${B}/x`]);
  });
});
