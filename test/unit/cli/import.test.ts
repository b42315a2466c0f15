import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { folder, sy } from "./shell.ts";

const ROUTE = `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: shop
spec:
  hostnames: [shop.example.com]
  rules:
  - backendRefs:
    - {name: shop, port: 80}
`;

const LIMITED = `${ROUTE.replaceAll("shop", "limited")}    filters:
    - type: ExtensionRef
      extensionRef: {group: acme.example, kind: RateLimit, name: ten}
`;

const POLICIES = { "shop.example.com": "https://shop.origin.example" };

const BACKENDS = {
  "default/shop:80": "https://shop.origin.example",
  "default/limited:80": "https://limited.origin.example",
};

const REFUSED = {
  level: "error",
  object: "HTTPRoute default/limited",
  field: "spec.rules[0].filters[0].extensionRef",
  message: expect.stringContaining("cannot be said in a policy") as string,
};

let work: Awaited<ReturnType<typeof folder>>;

beforeAll(async () => {
  work = await folder({
    "shop.yaml": ROUTE,
    "limited.yaml": LIMITED,
    "both.yaml": `${ROUTE}---\n${LIMITED}`,
    "list.json": {
      apiVersion: "v1",
      kind: "List",
      items: [
        {
          apiVersion: "gateway.networking.k8s.io/v1",
          kind: "HTTPRoute",
          metadata: { name: "shop" },
          spec: {
            hostnames: ["shop.example.com"],
            rules: [{ backendRefs: [{ name: "shop", port: 80 }], tomato: 1 }],
          },
        },
      ],
    },
    "map.json": BACKENDS,
    "case.json": { backends: BACKENDS, policies: {} },
    "broken.yaml": "apiVersion: v1\nkind: [",
    "bomb.yaml": bomb(),
    "empty.yaml": "",
    "minified.json": JSON.stringify({
      items: [
        {
          metadata: { name: "shop" },
          spec: {
            hostnames: ["shop.example.com"],
            rules: [{ backendRefs: [{ name: "shop", port: 80 }] }],
          },
        },
      ],
      kind: "HTTPRouteList",
      apiVersion: "gateway.networking.k8s.io/v1",
    }),
    "merged.yaml": ROUTE.replace(
      "  - backendRefs:\n",
      "  - &shop\n    matches: [{path: {value: /a}}]\n    backendRefs:\n",
    ).concat("  - <<: *shop\n    matches: [{path: {value: /b}}]\n"),
    "nothing.json": { "default/shop:80": null },
    "export.ndjson": '{"key":"shop.example.com","policy":"https://shop.example.com"}\n',
  });
});
afterAll(async () => work.remove());

/** Twenty lists, each of ten of the one before: written out, more than there is memory for. */
function bomb(): string {
  const lists = Array.from({ length: 20 }, (_, index) => {
    const item = index === 0 ? "x" : `*a${index - 1}`;
    return `a${index}: &a${index} [${Array.from({ length: 10 }, () => item).join(", ")}]`;
  });
  return ["apiVersion: v1", "kind: HTTPRoute", ...lists].join("\n");
}

const dry = async (...words: string[]) =>
  sy({ cwd: work.cwd }, "import", "--dry-run", "--json", ...words);

describe("a dry run with --json", () => {
  test("prints policies and reports, and needs no server", async () => {
    const { code, out, err } = await dry("--backends", "map.json", "shop.yaml");
    expect({ code, out: JSON.parse(out) as unknown, err }).toEqual({
      code: 0,
      out: { policies: POLICIES, reports: [] },
      err: "",
    });
  });

  test.each([[["both.yaml"]], [["shop.yaml", "limited.yaml"]], [["limited.yaml", "shop.yaml"]]])(
    "of %j exits 1 for the object that cannot be said, and imports the other",
    async (files) => {
      const { code, out } = await dry("--backends", "map.json", ...files);
      expect({ code, out: JSON.parse(out) as unknown }).toEqual({
        code: 1,
        out: { policies: POLICIES, reports: [REFUSED] },
      });
    },
  );

  test("keeps the order of fields that the contract has", async () => {
    const { out } = await dry("--backends", "map.json", "limited.yaml");
    expect(out.replaceAll(/\s+/g, " ")).toMatch(
      /^\{ "policies": \{\}, "reports": \[ \{ "level": "error", "object": "[^"]*", "field": "[^"]*", "message": "[^"]*" \} \] \}/,
    );
  });

  test("reads stdin", async () => {
    const options = { cwd: work.cwd, stdin: ROUTE };
    const words = ["import", "--dry-run", "--json", "--backends", "map.json", "-"];
    const { code, out } = await sy(options, ...words);
    expect({ code, out: JSON.parse(out) as unknown }).toEqual({
      code: 0,
      out: { policies: POLICIES, reports: [] },
    });
  });

  test("reads a list of one kind, whose items leave their kind out, whatever it begins with", async () => {
    const { code, out } = await dry("--backends", "map.json", "minified.json");
    expect({ code, out: JSON.parse(out) as unknown }).toEqual({
      code: 0,
      out: { policies: POLICIES, reports: [] },
    });
  });

  test("reads merge keys, as Kubernetes does", async () => {
    const { out } = await dry("--backends", "map.json", "merged.yaml");
    expect(JSON.parse(out)).toEqual({
      policies: {
        "shop.example.com": {
          strategy: "path-map",
          paths: { "/a": "https://shop.origin.example", "/b": "https://shop.origin.example" },
        },
      },
      reports: [],
    });
  });

  test("of a file with nothing in it has nothing to say", async () => {
    const { code, out } = await dry("--backends", "map.json", "empty.yaml");
    expect({ code, out: JSON.parse(out) as unknown }).toEqual({
      code: 0,
      out: { policies: {}, reports: [] },
    });
  });

  test("takes null for a backend that does not exist", async () => {
    const { code, out } = await dry("--backends", "nothing.json", "shop.yaml");
    expect({ code, out: JSON.parse(out) as unknown }).toEqual({
      code: 0,
      out: {
        policies: { "shop.example.com": { strategy: "respond", status: 500 } },
        reports: [],
      },
    });
  });

  test("takes the map of a case, with its other fields", async () => {
    const { out } = await dry("--backends", "case.json", "shop.yaml");
    expect(JSON.parse(out)).toEqual({ policies: POLICIES, reports: [] });
  });

  test.each(["default/shop:80", "default/shop", "shop:80", "shop"])(
    "takes an origin by the name %s",
    async (name) => {
      const { out } = await dry("--backend", `${name}=https://shop.origin.example`, "shop.yaml");
      expect(JSON.parse(out)).toEqual({ policies: POLICIES, reports: [] });
    },
  );

  test("names the backend that has no origin, where nobody can be asked", async () => {
    const { code, out } = await dry("shop.yaml");
    expect({ code, out: JSON.parse(out) as unknown }).toEqual({
      code: 1,
      out: {
        policies: {},
        reports: [
          {
            level: "error",
            object: "HTTPRoute default/shop",
            field: "spec.rules[0].backendRefs[0]",
            message: expect.stringContaining('"default/shop:80"') as string,
          },
        ],
      },
    });
  });

  test.each([
    ["broken.yaml", "is not YAML"],
    ["bomb.yaml", "Excessive alias count"],
  ])("tells why %s cannot be read", async (file, why) => {
    const { code, out } = await dry("--backends", "map.json", file, "shop.yaml");
    expect({ code, out: JSON.parse(out) as unknown }).toEqual({
      code: 1,
      out: {
        policies: POLICIES,
        reports: [
          {
            level: "error",
            object: file,
            field: expect.stringMatching(/^line \d+$/) as string,
            message: expect.stringContaining(why) as string,
          },
        ],
      },
    });
  });
});

describe("for people", () => {
  test("a report names its line, also in a list", async () => {
    const words = ["import", "--dry-run", "--backends", "map.json", "list.json", "limited.yaml"];
    const { code, out, err } = await sy({ cwd: work.cwd }, ...words);
    expect({ code, out: JSON.parse(out) as unknown }).toEqual({ code: 1, out: {} });
    const places = err.split("\n").map((line) => line.split(": ").slice(0, 3).join(": "));
    expect(places).toEqual([
      "list.json:23:13: error: HTTPRoute default/shop",
      "limited.yaml:12:7: error: HTTPRoute default/limited",
      "0 policies, 2 errors, 0 warnings; nothing was imported",
      "",
    ]);
  });

  test("who sits at a terminal is asked for the origin", async () => {
    const stdin = "https://shop.origin.example\n";
    const words = ["import", "--dry-run", "shop.yaml"];
    const { code, out, err } = await sy({ cwd: work.cwd, stdin, interactive: true }, ...words);
    expect({ code, out: JSON.parse(out) as unknown }).toEqual({ code: 0, out: POLICIES });
    expect(err).toContain("Origin of default/shop:80: ");
  });
});

describe("what means nothing is a usage failure:", () => {
  test.each([
    [["--backend", "shop", "shop.yaml"], "--backend must be name=URL"],
    [["--backend", "shop=no url", "shop.yaml"], "--backend shop is not an origin"],
    [["--from", "helm", "shop.yaml"], "--from must be one of"],
    [["--key", "a b", "shop.yaml"], "is not a route key"],
    [["shop.yaml", "export.ndjson"], "is neither a manifest nor a _redirects file"],
    [["--partial", "export.ndjson"], "--partial says nothing about an export"],
  ])("%j", async (words, why) => {
    const { code, err } = await sy({ cwd: work.cwd }, "import", ...words);
    expect({ code, err }).toEqual({ code: 64, err: expect.stringContaining(why) as string });
  });
});
