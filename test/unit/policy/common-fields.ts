import { CACHE } from "./cache-cases.ts";
import { GOALS } from "./goal-cases.ts";
import { NO_PATHS } from "./no-paths.ts";
import { CORS } from "./cors-cases.ts";
import { ORIGIN } from "./judge.ts";

/** Values a field may have, and values it may not with the place that is told, below the field. */
export type Case = readonly [
  good: readonly unknown[],
  bad: readonly (readonly [unknown, string])[],
];

const bot = { bot: true };

/** The fields that every policy may carry. */
export const COMMON: Readonly<Record<string, Case>> = {
  salt: [
    ["s", "checkout@2", "é漢🎉", "a b"],
    [
      ["", ""],
      [" s", ""],
      ["s ", ""],
      ["a\nb", ""],
      ["\u007F", ""],
      ["\uD800", ""],
      [1, ""],
      [null, ""],
    ],
  ],
  epoch: [
    [0, 1, 20261201],
    [
      [-1, ""],
      [1.5, ""],
      ["1", ""],
      [null, ""],
    ],
  ],
  experiment: [
    ["checkout", "prices@2", "ü"],
    [
      ["", ""],
      ["e".repeat(257), ""],
      [1, ""],
      [null, ""],
    ],
  ],
  sticky: [
    [
      false,
      {},
      { by: ["cookie"] },
      { by: ["ip"] },
      { by: [{ header: "X-User-Id" }, { query: "uid" }, "cookie", "ip"] },
      { mode: "hash" },
      { mode: "pin" },
      { mode: "pin", by: ["ip", "cookie"] },
      { onZero: "keep" },
      { onZero: "evict" },
    ],
    [
      [true, ""],
      ["cookie", ""],
      [null, ""],
      [{ by: [] }, ".by"],
      [{ by: "cookie" }, ".by"],
      [{ by: ["header"] }, ".by[0]"],
      [{ by: [{ header: "a b" }] }, ".by[0].header"],
      [{ by: [{ header: "" }] }, ".by[0].header"],
      [{ by: [{ query: "" }] }, ".by[0].query"],
      [{ by: [{ cookie: "sy" }] }, ".by[0].cookie"],
      [{ mode: "pinned" }, ".mode"],
      [{ mode: "pin", by: ["ip"] }, ""],
      [{ onZero: "drop" }, ".onZero"],
      [{ ttl: 1 }, ".ttl"],
    ],
  ],
  rules: [
    [
      [],
      [{ match: bot, variant: "origin" }],
      [{ match: bot, variant: "origin", pin: true }],
      [{ name: "beta", match: bot, policy: ORIGIN }],
    ],
    [
      [{}, ""],
      [[{ match: bot }], "[0]"],
      [[{ match: bot, variant: "origin", policy: ORIGIN }], "[0]"],
      [[{ variant: "origin" }], "[0].match"],
      [[{ match: {}, variant: "origin" }], "[0].match"],
      [[{ match: bot, variant: "green" }], "[0].variant"],
      [[{ match: bot, policy: 7 }], "[0].policy"],
      [[{ match: bot, variant: "origin", pin: "yes" }], "[0].pin"],
      [[{ match: bot, variant: "origin", name: "" }], "[0].name"],
      [["beta"], "[0]"],
    ],
  ],
  coverage: [
    [0, 0.01, 50, 100],
    [
      [-0.01, ""],
      [100.01, ""],
      ["50", ""],
      [null, ""],
    ],
  ],
  group: [
    [
      { name: "pricing", from: 0, to: 50 },
      { name: "pricing", from: 99.99, to: 100 },
    ],
    [
      [{ name: "pricing", from: 50, to: 50 }, ""],
      [{ name: "pricing", from: 51, to: 50 }, ""],
      [{ name: "", from: 0, to: 50 }, ".name"],
      [{ name: "p", from: -1, to: 50 }, ".from"],
      [{ name: "p", from: 0, to: 101 }, ".to"],
      [{ name: "p", from: 0 }, ".to"],
      ["pricing", ""],
    ],
  ],
  headers: [
    [
      {},
      { request: {} },
      {
        request: { set: { "x-a": "" }, add: { "X-B": "a, b\tc" }, remove: ["cookie"] },
        response: { remove: [] },
      },
    ],
    [
      [{ set: {} }, ".set"],
      [{ request: { set: { "a b": "1" } } }, '.request.set["a b"]'],
      [{ request: { set: { "x-a": "a\nb" } } }, '.request.set["x-a"]'],
      [{ request: { set: { "x-a": "é" } } }, '.request.set["x-a"]'],
      [{ request: { set: { "x-a": 1 } } }, '.request.set["x-a"]'],
      [{ request: { set: { Host: "h" } } }, ".request.set.Host"],
      [
        { request: { add: { "transfer-encoding": "chunked" } } },
        '.request.add["transfer-encoding"]',
      ],
      [{ response: { remove: ["Content-Length"] } }, ".response.remove[0]"],
      [{ request: { set: { "x-a": "1", "X-A": "2" } } }, '.request.set["X-A"]'],
      [{ request: { remove: "x-a" } }, ".request.remove"],
      [[], ""],
    ],
  ],
  stripPrefix: [
    [true, false],
    [
      ["true", ""],
      [1, ""],
    ],
  ],
  rewrite: [
    [
      { path: "/" },
      { path: "/x/y/" },
      { path: "/%2f;v=1/é" },
      { prefix: "" },
      { prefix: "/" },
      { prefix: "/x/y/" },
      { prefix: `/${"x".repeat(2047)}` },
    ],
    [
      [{}, ""],
      [{ path: "/x", prefix: "/x" }, ""],
      [{ prefix: "/x", query: "?" }, ".query"],
      ["/x", ""],
      [{ path: "" }, ".path"],
      [{ path: 1 }, ".path"],
      [{ prefix: null }, ".prefix"],
      [{ prefix: `/${"x".repeat(2048)}` }, ".prefix"],
      ...NO_PATHS.flatMap((text): [unknown, string][] => [
        [{ path: text }, ".path"],
        [{ prefix: text }, ".prefix"],
      ]),
    ],
  ],
  cors: CORS,
  timeoutMs: [
    [1, 30_000],
    [
      [0, ""],
      [1.5, ""],
      ["5s", ""],
      [Number.NaN, ""],
    ],
  ],
  totalTimeoutMs: [
    [1, 300_000],
    [
      [0, ""],
      [1.5, ""],
      ["5s", ""],
    ],
  ],
  retry: [
    [{ attempts: 1 }, { attempts: 10, on: ["network", "timeout", 400, 503, 599], backoffMs: 0 }],
    [
      [{ attempts: 1, backoffMs: -1 }, ".backoffMs"],
      [{ attempts: 0 }, ".attempts"],
      [{}, ".attempts"],
      [{ attempts: 1, on: [] }, ".on"],
      [{ attempts: 1, on: [399] }, ".on[0]"],
      [{ attempts: 1, on: [600] }, ".on[0]"],
      [{ attempts: 1, on: ["502"] }, ".on[0]"],
      [true, ""],
    ],
  ],
  rescue: [
    [true, false],
    [
      ["stable", ""],
      [0, ""],
    ],
  ],
  assetRescue: [[true, false], [[[], ""]]],
  fallback: [
    [ORIGIN, { url: ORIGIN, timeoutMs: 1 }, { url: ORIGIN, rewrite: { path: "/x" } }],
    [
      ["www.example.com", ""],
      [{ origin: ORIGIN }, ".url"],
      [{ url: ORIGIN, rewrite: { path: "x" } }, ".rewrite.path"],
      [false, ""],
    ],
  ],
  mirror: [
    [
      { origin: ORIGIN, percent: 0 },
      { origin: { url: ORIGIN }, percent: 100 },
      [{ origin: ORIGIN, percent: 5 }],
      Array.from({ length: 4 }, () => ({ origin: { url: ORIGIN }, percent: 100 })),
    ],
    [
      [[], ""],
      [Array.from({ length: 5 }, () => ({ origin: ORIGIN, percent: 5 })), ""],
      [[{ origin: ORIGIN, percent: 5 }, { origin: ORIGIN }], "[1].percent"],
      [
        [
          { origin: ORIGIN, percent: 5 },
          { origin: "x", percent: 5 },
        ],
        "[1].origin",
      ],
      [[ORIGIN], "[0]"],
      [{ origin: ORIGIN }, ".percent"],
      [{ percent: 5 }, ".origin"],
      [{ origin: ORIGIN, percent: 101 }, ".percent"],
      [ORIGIN, ""],
    ],
  ],
  override: [
    ["signed", "open", "off"],
    [
      ["on", ""],
      [false, ""],
    ],
  ],
  bots: [
    ["split", "origin"],
    [
      ["stable", ""],
      ["", ""],
      [true, ""],
    ],
  ],
  consent: [
    [{ cookie: "consent" }, { cookie: "c", value: "" }, { cookie: "c", value: "yes" }],
    [
      [{ value: "yes" }, ".cookie"],
      [{ cookie: "a=b" }, ".cookie"],
      [{ cookie: "" }, ".cookie"],
      [{ cookie: "c", value: 1 }, ".value"],
      ["consent", ""],
    ],
  ],
  cache: CACHE,
  visitorHeader: [
    [true, false],
    [
      ["X-Visitor", ""],
      [1, ""],
      [null, ""],
    ],
  ],
  goals: GOALS,
  force: [
    ["origin"],
    [
      ["stable", ""],
      ["", ""],
      [true, ""],
    ],
  ],
};
