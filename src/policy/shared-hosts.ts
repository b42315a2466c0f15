import type { LeafNode, Variant } from "./compiled.ts";

/** A branch, and where it stands. */
interface Seen {
  readonly leaf: LeafNode;
  readonly variant: Variant;
}

/** Whether a rule leads to a leaf: what else decides than the path, no URL tells. */
const isByRule = ({ path }: LeafNode): boolean => path.includes("#");

/** Whether one URL may be asked of both, and mean something else: paths keep leaves apart that no rule leads to, where they are sent on as they came. */
function mayClash(one: Seen, other: Seen): boolean {
  const [a, b] = [one.variant, other.variant];
  return (
    one.leaf === other.leaf ||
    isByRule(one.leaf) ||
    isByRule(other.leaf) ||
    a.edits !== b.edits ||
    (a.rewrite ?? b.rewrite) !== undefined ||
    a.origin.resolve !== b.origin.resolve ||
    a.origin.via !== b.origin.via
  );
}

/**
 * Hosts of origins that may serve several variants, or several tenants: one URL there has several
 * pages, and a cache that knows the URL alone would give one visitor's to another.
 */
export class SharedHosts {
  readonly hosts = new Set<string>();
  readonly #areAll: boolean;
  readonly #strips: boolean;
  readonly #last = new Map<string, Seen>();

  /**
   * `areAll`: of a tenant's policy, whose segment no URL of an origin has: other tenants may have the
   * same origins. `strips`: a part of some paths is taken off, so that others may become the same.
   */
  constructor(areAll: boolean, strips: boolean) {
    this.#areAll = areAll;
    this.#strips = strips;
  }

  /** Takes every branch of a leaf, what stands in for one and what gets copies included. */
  take(leaf: LeafNode): void {
    const { variants, fallback, mirror = [] } = leaf;
    for (const variant of variants) this.#see(leaf, variant);
    if (fallback !== undefined) this.#see(leaf, fallback);
    for (const { to } of mirror) this.#see(leaf, to);
  }

  #see(leaf: LeafNode, variant: Variant): void {
    const { host } = variant.origin;
    const seen = { leaf, variant };
    const last = this.#last.get(host);
    const isAnother = last !== undefined && last.variant !== variant;
    if (this.#areAll || (isAnother && (this.#strips || mayClash(last, seen)))) this.hosts.add(host);
    this.#last.set(host, seen);
  }
}
