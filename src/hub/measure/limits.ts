/** What a shard keeps of splits. Tests have smaller ones. */
export interface MeasureLimits {
  /** Routes told apart: those with a split first. What others serve adds up in one. */
  readonly routes: number;
  /** Splits and variants of one route told apart, together: their rows stay below a megabyte. */
  readonly series: number;
  /** Visitors of one experiment, above which its sample is halved. */
  readonly sampled: number;
  /** Visitors of all experiments of the shard, above which the largest sample is halved: a gigabyte and some. */
  readonly visitors: number;
  /** Visitors that wait to be stored; a shard that has more of them is behind, and halves a sample. */
  readonly queue: number;
  /** Goals that wait for their exposure. */
  readonly waiting: number;
  /** Ids of goals in one generation; those of the last three and a part of a fourth are known. */
  readonly idsInGeneration: number;
  /** Allocations of one experiment; visitors of more are in no result. */
  readonly allocations: number;
  /** Rows that one step of the alarm deletes: some tens of milliseconds. */
  readonly slice: number;
}

export const LIMITS: MeasureLimits = {
  routes: 256,
  series: 128,
  sampled: 100_000,
  visitors: 10_000_000,
  queue: 20_000,
  waiting: 10_000,
  idsInGeneration: 250_000,
  allocations: 500,
  slice: 2000,
};
