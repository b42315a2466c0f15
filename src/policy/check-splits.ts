import { message } from "../lib/strict-object.ts";
import { pathOf, reportAt, type Fields, type Site, type Steps } from "./check-report.ts";
import type { Issue } from "../lib/issue.ts";

/** What the default salts of a policy and all inside it begin with: the route's key, or the nearest map's salt. */
export interface SaltBase {
  /** Absent for the route's key, where it is not known. */
  readonly written: string | undefined;
  /** Prefixes and rule names from the root. */
  readonly path: string;
}

/** What they begin with below a map, whose own salt stands in place of the route's key. */
export function saltBelow(map: Fields, base: SaltBase): SaltBase {
  const { salt } = map;
  return typeof salt === "string" ? { ...base, written: salt } : base;
}

/** A split that was met. */
interface Met {
  readonly site: Site;
  readonly isWritten: boolean;
  readonly salt: string;
  readonly epoch: unknown;
}

/** A split, whatever its shape. */
export interface Split {
  readonly site: Site;
  /** What it says itself, and what is in force, inherited fields included. */
  readonly own: Fields;
  readonly inForce: Fields;
  readonly base: SaltBase;
  /** Where the name of the way here stands in the policy around it, where it has one. */
  readonly named: { readonly site: Site; readonly steps: Steps } | undefined;
  /** Whether that way has to have a name, and has none. */
  readonly isNameless: boolean;
}

const epochOf = (epoch: unknown): string => (typeof epoch === "number" ? `@${epoch}` : "");

/** Finds splits of one policy that are hashed alike, or called alike. One look-up for each split. */
export class SplitCheck {
  readonly #issues: Issue[];
  readonly #bySalt = new Map<string, Met>();
  readonly #byName = new Map<string, { readonly isWritten: boolean }>();

  constructor(issues: Issue[]) {
    this.#issues = issues;
  }

  /** Takes the next split, in the order of the text. */
  take(split: Split): void {
    const { own, inForce, base } = split;
    const isWritten = typeof own["salt"] === "string";
    // No key holds a line feed, so nothing that is written begins like the key's place.
    const salt = isWritten ? String(own["salt"]) : (base.written ?? "\n") + base.path;
    const met: Met = { site: split.site, isWritten, salt, epoch: inForce["epoch"] };
    const effective = salt + epochOf(met.epoch);
    this.#takeSalt(split, met, effective);
    this.#takeName(split, effective);
  }

  #takeSalt(split: Split, met: Met, effective: string): void {
    if (split.isNameless && !met.isWritten && split.named !== undefined) {
      reportAt(this.#issues, split.named.site)(
        split.named.steps,
        message(
          "is missing: the rule leads to a split, whose visitors are drawn by that name, and rules have no numbers that could shift",
          'give the rule a "name" of its own, or the split a "salt"',
        ),
      );
      return;
    }
    const other = this.#bySalt.get(effective);
    if (other === undefined) {
      this.#bySalt.set(effective, met);
      return;
    }
    const onPurpose =
      met.isWritten && other.isWritten && met.salt === other.salt && met.epoch === other.epoch;
    if (onPurpose) return;
    const { site, steps } = split.named ?? { site: split.site, steps: [] };
    reportAt(this.#issues, met.isWritten ? met.site : site)(
      met.isWritten ? ["salt"] : steps,
      message(
        () =>
          `makes this split draw its visitors exactly as ${pathOf(other.site)} does: the results of both would depend on each other`,
        () =>
          split.named === undefined || met.isWritten
            ? 'give one of them a "salt" of its own; to draw alike on purpose, write the same "salt" and "epoch" in both'
            : 'give the rule a "name" of its own, or the split a "salt"',
      ),
    );
  }

  #takeName({ site, own, inForce }: Split, effective: string): void {
    const written = inForce["experiment"];
    const isWritten = typeof written === "string";
    const name = isWritten ? written : effective;
    const other = this.#byName.get(name);
    if (other === undefined) this.#byName.set(name, { isWritten });
    // Where neither says a name, the salt is what is wrong, or shared on purpose.
    else if (isWritten || other.isWritten)
      reportAt(this.#issues, site)(
        "experiment" in own ? ["experiment"] : [],
        message(
          () =>
            `the experiment "${name}" is another split of this policy, and their results would be mixed`,
          'give each split an "experiment" of its own',
        ),
      );
  }
}
