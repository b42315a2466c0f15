import type { Facts } from "../../src/policy/facts.ts";
import { makeFacts } from "./facts.ts";
import { visitorCookies } from "./requests.ts";

/** A policy in the words that every version of the gateway knows, and what a decision of it is asked. */
export interface Subject {
  readonly name: string;
  readonly policy: unknown;
  readonly factsAt: (turn: number) => Facts;
}

const ORIGIN = "https://origin.example.com";
const VISITORS = 1024;
const PREFIXES = 10_000;
const STRIDE = 7919;

const values = visitorCookies(VISITORS).map((cookie) => [cookie.slice("sy=".length)]);

const FACTS = values.map((value) => makeFacts(value));

/** Of one of many visitors, made beforehand: a decision alone is measured. */
const factsAt = (turn: number): Facts => FACTS[turn % VISITORS] ?? makeFacts([]);

const variants = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ name: `v${index}`, origin: ORIGIN, weight: 1 }));
const weighted = (count: number) => ({ strategy: "weighted", variants: variants(count) });

const paths = Array.from({ length: PREFIXES }, (_, index) => `/store/department-${index}`);
const asked = paths.map((_, index) =>
  makeFacts(values[index % VISITORS] ?? [], `${paths[(index * STRIDE) % PREFIXES]}/products/42`),
);

const subject = (name: string, policy: unknown): Subject => ({ name, policy, factsAt });

export const SUBJECTS: readonly Subject[] = [
  subject("single", { origin: ORIGIN }),
  subject("weighted of 2", weighted(2)),
  subject("weighted of 8", weighted(8)),
  subject("weighted of 2, pin", { ...weighted(2), sticky: { mode: "pin" } }),
  subject("canary", { strategy: "canary", stable: ORIGIN, canary: ORIGIN, percent: 5 }),
  subject("blue-green", { strategy: "blue-green", blue: ORIGIN, green: ORIGIN, active: "blue" }),
  subject("weighted of 2, 10 rules that miss", {
    ...weighted(2),
    rules: Array.from({ length: 10 }, (_, index) => ({
      match: { header: { "x-segment": `s${index}` } },
      variant: "v1",
    })),
  }),
  subject("weighted of 2, 20 rules that miss", {
    ...weighted(2),
    rules: Array.from({ length: 20 }, (_, index) => ({
      match: { header: { "x-segment": `s${index}` } },
      variant: "v1",
    })),
  }),
  subject("path-map of 3", {
    strategy: "path-map",
    paths: { "/admin": ORIGIN, "/products": weighted(2), "/store": ORIGIN },
    default: ORIGIN,
  }),
  {
    name: "path-map of 10 000",
    policy: { strategy: "path-map", paths: Object.fromEntries(paths.map((one) => [one, ORIGIN])) },
    factsAt: (turn) => asked[turn % PREFIXES] ?? makeFacts([]),
  },
];
