/** Policies of the kinds that once took a time that grew with the square of their size, made to a size. None is valid. */

const ORIGIN = "https://www.example.com";
const BOT = { bot: true };

const items = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

const fields = (count: number, value: unknown = 1): Record<string, unknown> =>
  Object.fromEntries(items(count, (index) => [`zz${index}`, value]));

const weighted = (variants: unknown, more: object = {}): unknown => ({
  strategy: "weighted",
  variants,
  ...more,
});

const pathMap = (paths: unknown, more: object = {}): unknown => ({
  strategy: "path-map",
  paths,
  ...more,
});

const variant = (name: string, more: object = {}): object => ({
  name,
  origin: ORIGIN,
  weight: 1,
  ...more,
});

const rules = (count: number, rule: (index: number) => object): object => ({
  rules: items(count, (index) => ({ match: BOT, ...rule(index) })),
});

const single = (more: object): unknown => ({ origin: ORIGIN, ...more });

/** By what is wrong with it: a policy with so many faults of that kind. */
export const HOSTILE: Readonly<Record<string, (count: number) => unknown>> = {
  "unknown fields": (n) => single(fields(n)),
  "prefixes without their paths": (n) => ({
    strategy: "path-map",
    ...Object.fromEntries(items(n, (i) => [`/${i}`, ORIGIN])),
  }),
  "unknown fields of a variant": (n) => weighted([variant("a", fields(n))]),
  "variants with an unknown field": (n) => weighted(items(n, (i) => variant(`v${i}`, { zz: 1 }))),
  "unknown fields of a rule": (n) => single(rules(1, () => ({ variant: "origin", ...fields(n) }))),
  "unknown fields of a match": (n) => single({ rules: [{ match: fields(n), variant: "origin" }] }),
  "unknown fields of a headers field": (n) => single({ headers: fields(n) }),
  "header edits that are not text": (n) => single({ headers: { request: { set: fields(n) } } }),
  "header edits that are not tokens": (n) =>
    single({
      headers: { request: { add: Object.fromEntries(items(n, (i) => [`x ${i}`, "1"])) } },
    }),
  "removed headers that are not tokens": (n) =>
    single({ headers: { response: { remove: items(n, (i) => `x ${i}`) } } }),
  "unknown fields of a group": (n) =>
    single({ group: { name: "g", from: 0, to: 1, ...fields(n) } }),
  "unknown fields of an origin": (n) => ({ origin: { url: ORIGIN, ...fields(n) } }),
  "unknown fields of a cookie": (n) => single({ sticky: { cookie: fields(n) } }),
  "unknown fields of a ramp": (n) => ({
    strategy: "canary",
    stable: ORIGIN,
    canary: ORIGIN,
    ramp: { startAt: "soon", steps: [{ percent: 1 }], ...fields(n) },
  }),
  "wrong steps": (n) => ({
    strategy: "canary",
    stable: ORIGIN,
    canary: ORIGIN,
    ramp: {
      startAt: "2026-12-01T09:00:00Z",
      steps: items(n, (i) => ({ percent: n - i, holdSeconds: 0 })),
    },
  }),
  "wrong weights": (n) => weighted(items(n, (i) => variant(`v${i}`, { weight: -1 }))),
  "one name for all variants": (n) => weighted(items(n, () => variant("same"))),
  "bad origins": (n) => pathMap(Object.fromEntries(items(n, (i) => [`/${i}`, "ftp://a"]))),
  "private origins": (n) =>
    pathMap(Object.fromEntries(items(n, (i) => [`/${i}`, `http://10.0.0.${i % 256}`]))),
  "keys that are not prefixes": (n) =>
    pathMap(Object.fromEntries(items(n, (i) => [`no-slash-${i}`, ORIGIN]))),
  "prefixes that mean the same": (n) =>
    pathMap(Object.fromEntries(items(n, (i) => [`/${i >> 1}${i % 2 === 0 ? "" : "/"}`, ORIGIN]))),
  "unknown strategies": (n) =>
    pathMap(Object.fromEntries(items(n, (i) => [`/${i}`, { strategy: `wieghted${i}` }]))),
  "policies that are numbers": (n) => pathMap(Object.fromEntries(items(n, (i) => [`/${i}`, i]))),
  "rules that name no variant": (n) =>
    weighted(
      items(n, (i) => variant(`variant-${i}`)),
      rules(n, (i) => ({ variant: `none-${i}` })),
    ),
  "rules of a path-map that name a variant": (n) =>
    pathMap(
      { "/a": ORIGIN },
      rules(n, () => ({ variant: "a" })),
    ),
  "rules that lead nowhere": (n) => single(rules(n, () => ({}))),
  "rules without a match": (n) => single({ rules: items(n, () => ({ variant: "origin" })) }),
  "rules that are numbers": (n) => single({ rules: items(n, Number) }),
  "conditions that are numbers": (n) =>
    single({ rules: [{ match: { header: fields(n) }, variant: "origin" }] }),
  "conditions with unknown fields": (n) =>
    single({ rules: [{ match: { host: fields(n, "a") }, variant: "origin" }] }),
  "wrong values in a list": (n) =>
    single({ rules: [{ match: { host: items(n, Number) }, variant: "origin" }] }),
  "wrong paths in a list": (n) =>
    single({ rules: [{ match: { path: items(n, (i) => `x${i}`) }, variant: "origin" }] }),
  "sources that are wrong": (n) => single({ sticky: { by: items(n, () => "cookies") } }),
  "sources with unknown fields": (n) =>
    single({ sticky: { by: items(n, (i) => ({ header: "x", [`zz${i}`]: 1 })) } }),
  "failures that are wrong": (n) => single({ retry: { attempts: 1, on: items(n, Number) } }),
  "goals that are wrong": (n) => single({ goals: items(n, () => ({})) }),
  "one name for all goals": (n) =>
    single({ goals: items(n, () => ({ name: "same", match: BOT })) }),
  "goals that no header could name": (n) =>
    single({ goals: items(n, (i) => ({ name: `a b${i}`, from: "origin" })) }),
  "unknown fields of a goal": (n) => single({ goals: [{ name: "a", match: BOT, ...fields(n) }] }),
  "statuses that are wrong": (n) =>
    single({ goals: [{ name: "a", match: BOT, status: items(n, Number) }] }),
  "goals inside": (n) =>
    pathMap(Object.fromEntries(items(n, (i) => [`/${i}`, single({ goals: [] })]))),
  "headers of a mirror": (n) =>
    single({
      mirror: { percent: 1, origin: { url: ORIGIN, headers: { request: { set: fields(n) } } } },
    }),
  "headers of a fallback": (n) =>
    single({ fallback: { url: ORIGIN, headers: { response: { add: fields(n) } } } }),
  "reserved names": (n) => single({ zz: items(n, () => ({ constructor: 1 })) }),
  "bots that names no variant": (n) =>
    pathMap(
      Object.fromEntries(items(n, (i) => [`/${i}`, weighted([variant("a"), variant("b")])])),
      { bots: "c" },
    ),
  "force that names no variant": (n) =>
    pathMap(
      Object.fromEntries(items(n, (i) => [`/${i}`, weighted([variant("a")], { force: "b" })])),
    ),
  "canaries without a percent": (n) =>
    pathMap(
      Object.fromEntries(
        items(n, (i) => [`/${i}`, { strategy: "canary", stable: ORIGIN, canary: ORIGIN }]),
      ),
    ),
  "policies too deep": (n) => {
    const deep = (levels: number): unknown =>
      levels === 0 ? ORIGIN : pathMap({ "/a": deep(levels - 1) });
    return pathMap(Object.fromEntries(items(n, (i) => [`/${i}`, deep(4)])));
  },
  "rules too deep": (n) => {
    const deep = (levels: number): unknown =>
      levels === 0 ? ORIGIN : single(rules(1, () => ({ policy: deep(levels - 1) })));
    return single(rules(n, () => ({ policy: deep(4) })));
  },
  "a name for each case": (n) =>
    single({
      headers: {
        request: {
          set: Object.fromEntries(
            items(n, (i) => [
              Array.from("abcdefghijklmnopqrst", (letter, bit) =>
                (i >> bit) & 1 ? letter.toUpperCase() : letter,
              ).join(""),
              "1",
            ]),
          ),
        },
      },
    }),
};

/** The same with one long name or value, which every fault could repeat. */
export const LONG: Readonly<Record<string, (chars: number) => unknown>> = {
  "a long unknown field": (n) => single({ ["z".repeat(n)]: 1 }),
  "a long prefix over many faults": (n) => pathMap({ [`/${"z".repeat(n)}`]: single(fields(100)) }),
  "a long prefix of another kind": (n) =>
    pathMap({ ["z".repeat(n)]: single({ rules: items(100, Number) }) }),
  "a long prefix twice": (n) =>
    pathMap({ [`/${"z".repeat(n)}`]: ORIGIN, [`/${"z".repeat(n)}/`]: ORIGIN }),
  "a long header over many faults": (n) =>
    single({
      rules: items(20, () => ({
        match: { header: { ["z".repeat(n)]: fields(5) } },
        variant: "origin",
      })),
    }),
  "a long header twice": (n) =>
    single({ headers: { request: { set: { ["z".repeat(n)]: "1", ["Z".repeat(n)]: "1" } } } }),
  "a long variant that rules miss": (n) =>
    weighted(
      [variant("z".repeat(n))],
      rules(100, (i) => ({ variant: `none-${i}` })),
    ),
  "a long variant that rules name": (n) =>
    weighted(
      [variant("a")],
      rules(100, (i) => ({ variant: "z".repeat(n) + String(i) })),
    ),
  "a long name twice": (n) => weighted(items(3, () => variant("z".repeat(n)))),
  "a long goal twice": (n) =>
    single({ goals: items(3, () => ({ name: "z".repeat(n), match: BOT })) }),
  "a long goal that no header could name": (n) =>
    single({ goals: [{ name: ` ${"z".repeat(n)}`, from: "origin" }] }),
  "a long force": (n) => weighted([variant("a")], { force: "z".repeat(n) }),
  "a long strategy": (n) => ({ strategy: "z".repeat(n) }),
  "a long origin": (n) => ({ origin: `ftp://${"z".repeat(n)}` }),
  "a long scheme": (n) => `${"z".repeat(n)}://a.example`,
  "a long private origin": (n) => `http://${"z".repeat(n)}.local/`,
  "a long source": (n) => single({ sticky: { by: ["z".repeat(n)] } }),
  "a long time": (n) => ({
    strategy: "canary",
    stable: ORIGIN,
    canary: ORIGIN,
    percent: 1,
    lease: { until: "z".repeat(n) },
  }),
  "a long name of control characters": (n) => single({ ["\u0001".repeat(n)]: 1 }),
  "a long name of halves of characters": (n) => single({ ["\uD800".repeat(n)]: 1 }),
  "a long name of quotes": (n) => pathMap({ [`/${'"\\'.repeat(n)}`]: single(fields(100)) }),
  "a long reserved way": (n) => ({ ["z".repeat(n)]: { constructor: 1 } }),
};
