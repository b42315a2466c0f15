const TWO_32 = 4_294_967_296;

/** Expected successes below which a binomial is drawn by adding up its probabilities. */
const SMALL = 10;

/** Γ's correction of Stirling's formula for small arguments: ln k! − (k + ½) ln(k + 1) + (k + 1) − ½ ln 2π. */
const STIRLING_TAIL = [
  0.081_061_466_795_327_3, 0.041_340_695_955_409_3, 0.027_677_925_684_998_3,
  0.020_790_672_103_765_1, 0.016_644_691_189_821_2, 0.013_876_128_823_070_7,
  0.011_896_709_945_891_8, 0.010_411_265_261_972_1, 0.009_255_462_182_712_7,
  0.008_330_563_433_362_9,
] as const;

function stirlingTail(k: number): number {
  const known = STIRLING_TAIL[k];
  if (known !== undefined) return known;
  const inverse = 1 / (k + 1);
  const square = inverse * inverse;
  return (1 / 12 - (1 / 360 - square / 1260) * square) * inverse;
}

/** Chance with a seed: the same seed, the same experiments. The generator is Chris Doty-Humphrey's sfc32. */
export class Random {
  #a: number;
  #b = 0x9e3779b9;
  #c = 0x243f6a88;
  #counter = 1;

  constructor(seed: number) {
    this.#a = seed | 0;
    for (let left = 20; left > 0; left -= 1) this.uniform();
  }

  /** Strictly between 0 and 1. */
  uniform(): number {
    const t = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + t) | 0;
    return ((t >>> 0) + 0.5) / TWO_32;
  }

  /** Standard normal (Box and Muller). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(this.uniform())) * Math.cos(2 * Math.PI * this.uniform());
  }

  /** How many of `trials` succeed. */
  binomial(trials: number, share: number): number {
    if (trials === 0 || share <= 0) return 0;
    if (share >= 1) return trials;
    if (share > 0.5) return trials - this.binomial(trials, 1 - share);
    return trials * share < SMALL
      ? this.#byInversion(trials, share)
      : this.#byRejection(trials, share);
  }

  /** `trials` shared out among classes with these shares, whose sum is 1. */
  multinomial(trials: number, shares: readonly number[]): number[] {
    let [left, rest] = [trials, 1];
    return shares.map((share) => {
      const count = this.binomial(left, rest <= 0 ? 0 : Math.min(1, share / rest));
      left -= count;
      rest -= share;
      return count;
    });
  }

  #byInversion(trials: number, share: number): number {
    const odds = share / (1 - share);
    let probability = (1 - share) ** trials;
    let left = this.uniform();
    let count = 0;
    while (left > probability && count < trials) {
      left -= probability;
      count += 1;
      probability *= ((trials - count + 1) / count) * odds;
    }
    return count;
  }

  /** Hörmann 1993, algorithm BTRS: a transformed uniform, refused where it is above the distribution. */
  #byRejection(n: number, p: number): number {
    const deviation = Math.sqrt(n * p * (1 - p));
    const b = 1.15 + 2.53 * deviation;
    const a = -0.0873 + 0.0248 * b + 0.01 * p;
    const alpha = (2.83 + 5.1 / b) * deviation;
    const sure = 0.92 - 4.2 / b;
    const odds = p / (1 - p);
    const mode = Math.floor((n + 1) * p);
    for (;;) {
      const u = this.uniform() - 0.5;
      const v = this.uniform();
      const us = 0.5 - Math.abs(u);
      const k = Math.floor(((2 * a) / us + b) * u + n * p + 0.5);
      if (us >= 0.07 && v <= sure) return k;
      if (k < 0 || k > n) continue;
      const limit =
        (mode + 0.5) * Math.log((mode + 1) / (odds * (n - mode + 1))) +
        (n + 1) * Math.log((n - mode + 1) / (n - k + 1)) +
        (k + 0.5) * Math.log((odds * (n - k + 1)) / (k + 1)) +
        stirlingTail(mode) +
        stirlingTail(n - mode) -
        stirlingTail(k) -
        stirlingTail(n - k);
      if (Math.log((v * alpha) / (a / (us * us) + b)) <= limit) return k;
    }
  }
}
