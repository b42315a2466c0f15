import type { Case } from "./common-fields.ts";
import { GUARD } from "./guard-cases.ts";
import { blueGreen, canary, ORIGIN, pathMap, weighted } from "./judge.ts";

const INSTANT = "2026-12-01T09:00:00Z";

/** Fields that one strategy alone has, or splits alone, with the rest of a valid policy around them. */
export const OWN: Readonly<Record<string, readonly [(value: unknown) => unknown, ...Case]>> = {
  origin: [
    (origin) => ({ origin }),
    [
      "http://o.example",
      "https://o.example:8443/base/",
      { url: ORIGIN, headers: {}, timeoutMs: 5 },
      "HTTPS://O.EXAMPLE",
      { url: ORIGIN, resolve: "host.example.com" },
      { url: ORIGIN, resolve: "HOST-1.xn--bcher-kva.Example" },
      { url: ORIGIN, resolve: "backend" },
      { url: "http://api.internal", via: "API", resolve: "backend" },
      { url: ORIGIN, resolve: "_a.8.b9" },
      { url: ORIGIN, resolve: `${"a".repeat(63)}.example` },
      { url: ORIGIN, resolve: `${"a.".repeat(126)}b` },
    ],
    [
      ["o.example", ""],
      ["ftp://o.example", ""],
      ["https://u:p@o.example", ""],
      ["https://u@o.example", ""],
      ["https://o.example/?x=1", ""],
      ["https://o.example/?", ""],
      ["https://o.example/#f", ""],
      ["https://o.example/#", ""],
      ["https:o.example", ""],
      ["https:///o.example", ""],
      ["https://o.example\\a", ""],
      [" https://o.example", ""],
      ["https://o.example/a b", ""],
      ["https://o.example/a/../b", ""],
      ["https://o.example/%2e%2e/b", ""],
      ["https://", ""],
      ["", ""],
      [null, ""],
      [{}, ".url"],
      [{ url: "ftp://o.example" }, ".url"],
      [{ url: ORIGIN, timeoutMs: 0 }, ".timeoutMs"],
      [{ url: ORIGIN, timeout: 5 }, ".timeout"],
      ...[
        ["https://host.example.com", "host.example.com:443", "host.example.com/", "/", "", " "],
        ["host.example.com?x", "u@host.example.com", "*.example.com", "bücher.example", "a b"],
        ["8.8.8.8", "8.8.8.8.", "134744072", "0x08080808", "8.8.0x8", "[2606:4700::1111]", "::1"],
        [".example.com", "a..example.com", "example.com.", "-a.example", "a-.example", "a\n"],
        [`${"a".repeat(64)}.example`, `${"a.".repeat(126)}bc`, null, 5, ["host.example.com"]],
      ]
        .flat()
        .map((resolve): [unknown, string] => [{ url: ORIGIN, resolve }, ".resolve"]),
      [{ resolve: "host.example.com" }, ".url"],
      [{ via: "API" }, ".url"],
      [{ url: ORIGIN, via: "HUB" }, ".via"],
      [{ url: ORIGIN, via: "__proto__" }, ".via"],
    ],
  ],
  variants: [
    (variants) => weighted({ variants }),
    [
      [{ name: "a", origin: ORIGIN, weight: 1 }],
      [
        { name: "a", origin: { url: ORIGIN }, weight: 0, headers: {} },
        { name: "b", origin: ORIGIN, weight: 1_000_000 },
      ],
    ],
    [
      [[], ""],
      [{}, ""],
      [[{ name: "a", origin: ORIGIN, weight: 0 }], ""],
      [
        [
          { name: "a", origin: ORIGIN, weight: -1 },
          { name: "b", origin: ORIGIN, weight: 1 },
        ],
        "[0].weight",
      ],
      [[{ name: "a", origin: ORIGIN, weight: 0.5 }], "[0].weight"],
      [
        [
          { name: "a", origin: ORIGIN, weight: "1" },
          { name: "b", origin: ORIGIN, weight: 1 },
        ],
        "[0].weight",
      ],
      [[{ name: "a", weight: 1 }], "[0].origin"],
      [[{ origin: ORIGIN, weight: 1 }], "[0].name"],
      [
        [
          { name: "a", origin: ORIGIN, weight: 1 },
          { name: "a", origin: ORIGIN, weight: 1 },
        ],
        "[1].name",
      ],
    ],
  ],
  percent: [
    (percent) => canary({ percent }),
    [0, 0.01, 100],
    [
      [-1, ""],
      [100.5, ""],
      ["5%", ""],
      [null, ""],
    ],
  ],
  ramp: [
    (ramp) => canary({ ramp }),
    [
      { startAt: INSTANT, steps: [{ percent: 0 }] },
      { startAt: INSTANT, steps: [{ percent: 5, holdSeconds: 1 }, { percent: 5 }], pausedAt: null },
      { startAt: INSTANT, steps: [{ percent: 5, holdSeconds: 1 }], pausedAt: INSTANT },
    ],
    [
      [{ steps: [{ percent: 5 }] }, ".startAt"],
      [{ startAt: "2026-12-01", steps: [{ percent: 5 }] }, ".startAt"],
      [{ startAt: INSTANT, steps: [] }, ".steps"],
      [{ startAt: INSTANT, steps: [{ percent: 5 }, { percent: 6 }] }, ".steps[0].holdSeconds"],
      [
        { startAt: INSTANT, steps: [{ percent: 5, holdSeconds: 1 }, { percent: 4 }] },
        ".steps[1].percent",
      ],
      [
        { startAt: INSTANT, steps: [{ percent: 5, holdSeconds: 0 }, { percent: 6 }] },
        ".steps[0].holdSeconds",
      ],
      [{ startAt: INSTANT, steps: [{}] }, ".steps[0].percent"],
      [{ startAt: INSTANT, steps: [{ percent: 5 }], pausedAt: 0 }, ".pausedAt"],
    ],
  ],
  lease: [
    (lease) => canary({ percent: 5, lease }),
    [{ until: INSTANT }],
    [
      [{ until: "soon" }, ".until"],
      [{}, ".until"],
      [INSTANT, ""],
    ],
  ],
  guard: [
    (guard) => canary({ percent: 5, goals: [{ name: "purchase", from: "origin" }], guard }),
    ...GUARD,
  ],
  active: [
    (active) => blueGreen({ active }),
    ["blue", "green"],
    [
      ["red", ""],
      [null, ""],
    ],
  ],
  next: [
    (next) => blueGreen({ next }),
    [
      { active: "green", at: INSTANT },
      { active: "blue", at: INSTANT, drainSeconds: 0 },
    ],
    [
      [{ active: "red", at: INSTANT }, ".active"],
      [{ active: "green" }, ".at"],
      [{ active: "green", at: INSTANT, drainSeconds: -1 }, ".drainSeconds"],
      [{ active: "green", at: "noon" }, ".at"],
    ],
  ],
  paths: [
    (paths) => pathMap({ paths }),
    [
      { "/": ORIGIN },
      { "/a": ORIGIN, "/a/b/": { origin: ORIGIN, stripPrefix: true } },
      { "=/a": ORIGIN, "=/a/": ORIGIN, "/a": ORIGIN, "=/": ORIGIN, "/": ORIGIN },
    ],
    [
      [{}, ""],
      [[], ""],
      [{ admin: ORIGIN }, ".admin"],
      [{ "/a?x": ORIGIN }, '["/a?x"]'],
      [{ "/a/..": ORIGIN }, '["/a/.."]'],
      [{ "/a": ORIGIN, "/a/": ORIGIN }, '["/a/"]'],
      [{ "/a": ORIGIN, "/%61": ORIGIN }, '["/%61"]'],
      [{ "/a": 5 }, '["/a"]'],
      [{ "=": ORIGIN }, '["="]'],
      [{ "=a": ORIGIN }, '["=a"]'],
      [{ "==/a": ORIGIN }, '["==/a"]'],
      [{ "= /a": ORIGIN }, '["= /a"]'],
      [{ "=//a": ORIGIN }, '["=//a"]'],
      [{ "=/a?x": ORIGIN }, '["=/a?x"]'],
      [{ "=/a/..": ORIGIN }, '["=/a/.."]'],
      [{ "=/a/%2e%2E": ORIGIN }, '["=/a/%2e%2E"]'],
      [{ "=/a": ORIGIN, "=/%61": ORIGIN }, '["=/%61"]'],
      [{ "=/é": ORIGIN, "=/%c3%a9": ORIGIN }, '["=/%c3%a9"]'],
    ],
  ],
  default: [
    (value) => pathMap({ default: value }),
    [ORIGIN, canary()],
    [
      [null, ""],
      [{}, ".strategy"],
    ],
  ],
};
