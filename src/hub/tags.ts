import { textDigest } from "../report/digest.ts";

/** Until when a tag is good is written in this base. */
const RADIX = 36;

/**
 * Tags of answers: each names what was asked, the last change that the answer may tell of, and until when the clock
 * leaves it as it is. What was asked and changed is a digest, so that nobody reads from it how busy others are;
 * `boot` is in it, so that no object gives a tag that another one gave.
 */
export class Tags {
  readonly #boot: string;

  constructor(boot: string) {
    this.#boot = boot;
  }

  #stamp(asked: readonly unknown[], change: number): string {
    return textDigest(JSON.stringify([this.#boot, change, ...asked]));
  }

  /** The tag of an answer that the clock changes at `until` (ms) and no sooner. */
  of(asked: readonly unknown[], change: number, until: number): string {
    return `${this.#stamp(asked, change)}.${Math.ceil(until).toString(RADIX)}`;
  }

  /** Whether an answer that was given with a tag would be the same now. */
  isGood(
    tag: string | undefined,
    asked: readonly unknown[],
    change: number,
    now: number,
  ): tag is string {
    const [stamp, until = "", ...more] = tag?.split(".") ?? [];
    return (
      more.length === 0 &&
      Number.parseInt(until, RADIX) > now &&
      stamp === this.#stamp(asked, change)
    );
  }
}
