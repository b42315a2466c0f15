import { GrowthBook, GrowthBookClient } from "@growthbook/growthbook";
import { decide } from "../support/decide.ts";
import { COOKIES, cookieField, fields, HEAD_CHARS } from "../support/large-heads.ts";
import type { Facts } from "../../src/policy/facts.ts";
import { decodeVisitor, encodeVisitor, type Visitor } from "../../src/decide/visitor.ts";
import { readCookie, withoutCookies } from "../../src/gateway/respond/cookies.ts";
import { originHeaders } from "../../src/gateway/forward/origin-headers.ts";
import { compile } from "../../src/policy/compile.ts";
import { parse } from "../../src/policy/parse.ts";
import type { CompiledPolicy } from "../../src/policy/compiled.ts";
import type { Policy } from "../../src/policy/schema.ts";
import { makeFacts } from "./facts.ts";
import { HOST, visitorCookies } from "./requests.ts";
import { TO, FORWARDING_INFO } from "./forwarding-info.ts";

/** One line of the table of small parts. */
export interface Part {
  readonly name: string;
  /** At most (µs); absent where nothing is promised. */
  readonly bar?: number;
  /** What is measured, many times over; its results are added up, so that no part of it can be left out. */
  readonly run: (turn: number) => number;
}

const ORIGIN = "https://origin.example.com";
const VISITORS = 1024;
const PREFIXES = 10_000;
const STRIDE = 7919;
const RULES = 1000;

const cookies = visitorCookies(VISITORS);
const cookieAt = (turn: number) => cookies[turn % VISITORS] ?? "";
const fieldAt = (turn: number) => `_ga=GA1.1.1374027.1764547200; ${cookieAt(turn)}; theme=dark`;
const values = cookies.map((cookie) => [cookie.slice("sy=".length)]);
const visitors: Visitor[] = values.flatMap(([value = ""]) => decodeVisitor(value) ?? []);

/** What a request says, its cookies read already: reading them is a line of its own. */
const factsAt = (turn: number, path?: string): Facts =>
  makeFacts(values[turn % VISITORS] ?? [], path);

function parsed(policy: unknown): Policy {
  const result = parse(JSON.stringify(policy), { allowPrivateOrigins: false });
  if (!result.ok) throw new Error(JSON.stringify(result.issues));
  return result.policy;
}

const compiled = (policy: unknown): CompiledPolicy => compile(parsed(policy), HOST);
const variants = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ name: `v${index}`, origin: ORIGIN, weight: 1 }));
const weighted = (count: number) => ({ strategy: "weighted", variants: variants(count) });
const pathMap = (count: number) => ({
  strategy: "path-map",
  paths: Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`/store/department-${index}`, ORIGIN]),
  ),
});

function decision(
  name: string,
  policy: unknown,
  bar?: number,
  path?: (turn: number) => string,
): Part {
  const ready = compiled(policy);
  return {
    name: `decide: ${name}`,
    ...(bar === undefined ? {} : { bar }),
    run: (turn) => decide(ready, factsAt(turn, path?.(turn)))?.variant.name.length ?? 0,
  };
}

function decisions(): Part[] {
  const paths = Array.from(
    { length: PREFIXES },
    (_, index) => `/store/department-${(index * STRIDE) % PREFIXES}/products/42`,
  );
  const deep = (turn: number) => paths[turn % PREFIXES] ?? "";
  return [
    decision("single", { origin: ORIGIN }),
    decision("weighted of 2", weighted(2), 1),
    decision("weighted of 8", weighted(8), 3),
    decision("weighted of 2, not sticky", { ...weighted(2), sticky: false }),
    decision("weighted of 2, pin", { ...weighted(2), sticky: { mode: "pin" } }),
    decision("canary", { strategy: "canary", stable: ORIGIN, canary: ORIGIN, percent: 5 }),
    decision("blue-green", { strategy: "blue-green", blue: ORIGIN, green: ORIGIN, active: "blue" }),
    decision("path-map of 10 000", pathMap(PREFIXES), 1, deep),
    decision("weighted of 2, 10 rules that miss", {
      ...weighted(2),
      rules: Array.from({ length: 10 }, (_, index) => ({
        match: { header: { "x-segment": `s${index}` } },
        variant: "v1",
      })),
    }),
  ];
}

/** A like experiment for GrowthBook's SDK: the same visitors, as many variations, an even split. */
function growthBook(count: number): Part[] {
  const features = {
    checkout: {
      defaultValue: "v0",
      rules: [
        {
          key: "checkout",
          variations: variants(count).map(({ name }) => name) as [string, string, ...string[]],
          weights: variants(count).map(() => 1 / count),
          coverage: 1,
          hashAttribute: "id",
          hashVersion: 2 as const,
        },
      ],
    },
  };
  const client = new GrowthBookClient().initSync({ payload: { features } });
  const id = (turn: number) => visitors[turn % VISITORS]?.id ?? "";
  const length = (value: unknown) => (typeof value === "string" ? value.length : 0);
  return [
    {
      name: `GrowthBook, ${count} variations, one client for all`,
      run: (turn) => length(client.evalFeature("checkout", { attributes: { id: id(turn) } }).value),
    },
    {
      name: `GrowthBook, ${count} variations, an instance per request`,
      run: (turn) =>
        length(
          new GrowthBook({ features, attributes: { id: id(turn) } }).evalFeature("checkout").value,
        ),
    },
  ];
}

function pieces(): Part[] {
  return [
    { name: "cookie: find ours", run: (turn) => readCookie(fieldAt(turn), "sy").length },
    {
      name: "cookie: take ours out",
      run: (turn) => withoutCookies(fieldAt(turn), ["sy"])?.length ?? 0,
    },
    {
      name: "cookie: decode a visitor",
      run: (turn) => decodeVisitor(values[turn % VISITORS]?.[0] ?? "")?.seenAt ?? 0,
    },
    {
      name: "cookie: encode a visitor",
      run: (turn) => {
        const visitor = visitors[turn % VISITORS];
        return visitor === undefined ? 0 : encodeVisitor(visitor).length;
      },
    },
    {
      name: "headers: those an origin gets (Node's Headers, not workerd's)",
      run: (turn) => {
        const headers = { cookie: fieldAt(turn), accept: "text/html", connection: "keep-alive" };
        const request = new Request(`https://${HOST}/`, { headers });
        return originHeaders(request, FORWARDING_INFO, TO).get("via")?.length ?? 0;
      },
    },
  ];
}

/** Rules that ask for one header, none of which holds. */
function searching(
  name: string,
  bar: number,
  regexOf: (index: number) => string,
  value: string,
): Part {
  const ready = compiled({
    origin: ORIGIN,
    rules: Array.from({ length: RULES }, (_, index) => ({
      match: { header: { "x-model": { regex: regexOf(index) } } },
      variant: "origin",
    })),
  });
  return {
    name: `decide: ${RULES} rules with regular expressions, ${name}`,
    bar,
    run: (turn) =>
      decide(ready, { ...factsAt(turn), header: () => value })?.variant.name.length ?? 0,
  };
}

/** The dearest that was found is what test/unit/decide/dearest.test.ts finds among all that the limits allow. */
const searches = (): Part[] => [
  searching("ordinary", 1000, (index) => `mobile-[0-9]{1,4}-r${index}`, "mobile-1234-x"),
  searching("the dearest found", 50_000, () => `.*${"a".repeat(250)}b`, "a".repeat(512)),
];

/** What takes so long that one turn is one run: large heads, long lists of rules, parse and compile. */
export function sizes(): Part[] {
  return [...heads(), ...searches(), ...documents()];
}

/** What the gateway itself may take for the largest head of a request (µs). */
const HEAD_MICRO = 1000;

function heads(): Part[] {
  const field = cookieField(COOKIES, HEAD_CHARS, cookieAt(0));
  const request = new Request(`https://${HOST}/`, { headers: fields(HEAD_CHARS) });
  return [
    {
      name: `cookie: find ours among ${COOKIES}, 64 KiB`,
      bar: HEAD_MICRO,
      run: () => readCookie(field, "sy").length,
    },
    {
      name: `cookie: take ours out of ${COOKIES}, 64 KiB`,
      bar: HEAD_MICRO,
      run: () => withoutCookies(field, ["sy"])?.length ?? 0,
    },
    {
      name: "headers: those an origin gets, 64 KiB in 512 fields",
      bar: HEAD_MICRO,
      run: () => originHeaders(request, FORWARDING_INFO, TO).get("via")?.length ?? 0,
    },
  ];
}

function documents(): Part[] {
  return [1, 100, PREFIXES].flatMap((count) => {
    const text = JSON.stringify(pathMap(count));
    const policy = parsed(pathMap(count));
    return [
      {
        name: `parse: path-map of ${count} (${(text.length / 1024).toFixed(0)} KiB)`,
        run: () => Number(parse(text, { allowPrivateOrigins: false }).ok),
      },
      {
        name: `compile: path-map of ${count}`,
        ...(count === PREFIXES ? { bar: 50_000 } : {}),
        run: () => compile(policy, HOST).cookieNames.length,
      },
    ];
  });
}

/** What takes microseconds at most. */
export const parts = (): Part[] => [
  ...decisions(),
  ...growthBook(2),
  ...growthBook(8),
  ...pieces(),
];
