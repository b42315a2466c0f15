/**
 * Weighted rendezvous (highest random weight; Thaler & Ravishankar 1998, weights by Schindelhauer &
 * Schomaker 2005): each variant scores `-weight / ln(u)` with a u of its own, the highest wins.
 * Invariant: a variant's score depends on nothing but itself, so changing one weight, adding or
 * removing one moves only visitors into or out of that one, and their order means nothing.
 */
import * as v from "valibot";

import { SEED, drawn, ended, read, unit, type Hashing } from "../../lib/hash.ts";
import { shorten } from "../../lib/shorten.ts";
import { expected, list, message, strictObject, words } from "../../lib/strict-object.ts";
import { isFields, listOf, type Fields, type Report } from "../check-report.ts";
import type { Common } from "../common.ts";
import type { LeafNode, Variant } from "../compiled.ts";
import { MAX_VARIANTS, MAX_WEIGHT } from "../limits.ts";
import { RewriteSchema } from "../rewrite.ts";
import { HeadersSchema } from "../header-values.ts";
import { OriginSchema } from "../origin-values.ts";
import { NameSchema, whole } from "../values.ts";
import type { LeafStrategy } from "./definition.ts";
import { keepsAtZero } from "./pins.ts";
import { heaviestOther } from "./rescuer.ts";

const VariantSchema = strictObject(
  {
    name: NameSchema,
    origin: OriginSchema,
    weight: whole(0, MAX_WEIGHT, 50),
    headers: v.exactOptional(HeadersSchema),
    rewrite: v.exactOptional(RewriteSchema),
  },
  words("variant"),
);

const VariantsSchema = v.pipe(
  list(
    VariantSchema,
    expected("be a list of variants", 'write [{"name": …, "origin": …, "weight": …}]'),
  ),
  v.minLength(
    1,
    message("must hold one variant at least", 'write [{"name": …, "origin": …, "weight": …}]'),
  ),
  v.maxLength(
    MAX_VARIANTS,
    message(() => `may hold ${MAX_VARIANTS} variants at most`, "take variants out"),
  ),
);

/** A/B/n by weight. */
export interface Weighted extends Common {
  strategy: "weighted";
  variants: v.InferOutput<typeof VariantsSchema>;
}

interface WeightedNode extends LeafNode {
  /** The hash of its salt: the same for all visitors. */
  readonly draw: Hashing;
}

/** The winning variant for a visitor; a weight of 0 never wins while another is above 0. */
function rendezvous({ variants, draw }: WeightedNode, visitor: string): Variant {
  const start = read(`${visitor}\n`, draw);
  let best = variants[0];
  let highest = 0;
  for (const variant of variants) {
    if (variant.weight === 0) continue;
    const score = -variant.weight / Math.log(unit(ended(start, variant.name)));
    if (score > highest || (score === highest && variant.name < best.name)) {
      best = variant;
      highest = score;
    }
  }
  return best;
}

function check(written: Fields, report: Report): void {
  const variants = listOf(written["variants"]);
  const seen = new Set<string>();
  let sum = 0;
  for (const [index, variant] of variants.entries()) {
    if (!isFields(variant)) continue;
    if (typeof variant["weight"] === "number") sum += variant["weight"];
    const name = variant["name"];
    if (typeof name !== "string") continue;
    if (seen.has(name))
      report(
        ["variants", index, "name"],
        message(
          () => `the name "${shorten(name)}" is taken by another variant`,
          "give each variant its own name",
        ),
      );
    seen.add(name);
  }
  if (variants.length > 0 && sum === 0) {
    report(
      ["variants"],
      message(
        "the weights sum to 0, so nobody could be served",
        "give one variant a weight above 0",
      ),
    );
  }
}

const inEach = (written: Fields, field: string) =>
  listOf(written["variants"]).map((variant, index) => ({
    steps: ["variants", index, field],
    value: isFields(variant) ? variant[field] : undefined,
  }));

/** A/B/n by weight. */
export const weighted: LeafStrategy<Weighted, WeightedNode> = {
  kind: "leaf",
  title: words("weighted policy"),
  splits: true,
  pins: true,
  rescues: false,
  entries: () => ({ variants: VariantsSchema }),
  check,
  origins: (written) => inEach(written, "origin"),
  children: () => [],
  variantNames: (written) =>
    inEach(written, "name").flatMap(({ value }) => (typeof value === "string" ? [value] : [])),
  variants: (written) => written.variants,
  compile: (_written, leaf) => ({ ...leaf, draw: drawn(SEED.split, leaf.salt) }),
  asksWho: () => true,
  marks: () => false,
  keeps: () => undefined,
  decide: (node, who) => ({
    variant: rendezvous(node, who().visitor),
    reason: "split",
  }),
  shares({ variants }) {
    let sum = 0;
    for (const { weight } of variants) sum += weight;
    return variants.map(({ weight }) => weight / sum);
  },
  instants: () => [],
  defaultVariant: (node) => node.variants[0],
  guard: {
    actions: ["force-control", "alert"],
    compares: true,
    controls: ({ variants }) =>
      listOf(variants).flatMap((one) =>
        isFields(one) && typeof one["name"] === "string" && one["weight"] !== 0
          ? [one["name"]]
          : [],
      ),
    advised: false,
    control: (node) => node.variants[0],
    ramp: () => undefined,
    lapsesAt: () => undefined,
  },
  honoursPin: (node, variant) => variant.weight > 0 || keepsAtZero(node),
  rescuer: heaviestOther,
};
