import type { ShardTotals, VariantTotals } from "../../report/answers.ts";
import { FAILURE_KINDS } from "../../report/measured.ts";
import { latencyEdgeMs, LATENCY_BUCKETS } from "../../lib/latency.ts";
import { guardFamiliesOf } from "./guard-families.ts";
import type { Family, Labels, Sample } from "./text.ts";

/** What requests of routes beyond those that are told apart are counted under; no key looks like it. */
export const OTHER_ROUTE = "(other)";

/** Every so many of our buckets has a bound in the histogram: each 1.75 times the one before, 21 in all. */
const BUCKETS_PER_BOUND = 4;

const BOUNDS: readonly number[] = Array.from(
  { length: LATENCY_BUCKETS / BUCKETS_PER_BOUND },
  (_, index) => (index + 1) * BUCKETS_PER_BOUND - 1,
);

/** Bounds as they stand in `le`, in seconds. The last of our buckets has everything above it too, so it has none. */
const LE: readonly string[] = BOUNDS.slice(0, -1).map((bucket) =>
  String(Number((latencyEdgeMs(bucket) / 1000).toPrecision(6))),
);

const CLASSES = ["2xx", "3xx", "4xx", "5xx"] as const;

const labelsOf = ({ route, experiment, variant }: VariantTotals): Labels => ({
  route,
  experiment,
  variant,
});

function histogramOf(totals: VariantTotals): Sample[] {
  const labels = labelsOf(totals);
  const samples: Sample[] = [];
  let count = 0;
  let bucket = 0;
  for (const [index, le] of LE.entries()) {
    for (const end = BOUNDS[index] ?? 0; bucket <= end; bucket += 1)
      count += totals.latency[bucket] ?? 0;
    samples.push({ suffix: "_bucket", labels: { ...labels, le }, value: count });
  }
  for (; bucket < totals.latency.length; bucket += 1) count += totals.latency[bucket] ?? 0;
  samples.push(
    { suffix: "_bucket", labels: { ...labels, le: "+Inf" }, value: count },
    { suffix: "_count", labels, value: count },
    { suffix: "_sum", labels, value: totals.latencySumMs / 1000 },
  );
  return samples;
}

type Series = readonly VariantTotals[];

const counter =
  (samplesOf: (totals: VariantTotals) => readonly (readonly [Labels, number])[]) =>
  (series: Series): Sample[] =>
    series.flatMap((totals) =>
      samplesOf(totals).map(([labels, value]) => ({
        suffix: "_total" as const,
        labels: { ...labelsOf(totals), ...labels },
        value,
      })),
    );

const gauge =
  (valueOf: (totals: VariantTotals) => number) =>
  (series: Series): Sample[] =>
    series.map((totals) => ({ suffix: "", labels: labelsOf(totals), value: valueOf(totals) }));

/** The families that have `route`, `experiment` and `variant`, in the order in which they are told. */
const BY_VARIANT: readonly (Omit<Family, "samples"> & {
  readonly samples: (series: Series) => Sample[];
})[] = [
  {
    name: "switchyard_requests",
    type: "counter",
    help: "Requests that a variant was decided for; counted says whether they count in its experiment.",
    samples: counter(({ counted, others }) => [
      [{ counted: "true" }, counted],
      [{ counted: "false" }, others],
    ]),
  },
  {
    name: "switchyard_responses",
    type: "counter",
    help: "Answers as visitors got them, by the class of their status.",
    samples: counter(({ status }) => CLASSES.map((name) => [{ class: name }, status[name]])),
  },
  {
    name: "switchyard_failures",
    type: "counter",
    help: "Requests that a variant failed, whoever answered in its place.",
    samples: counter(({ failures }) => FAILURE_KINDS.map((kind) => [{ kind }, failures[kind]])),
  },
  {
    name: "switchyard_rescued",
    type: "counter",
    help: "Requests that another variant answered.",
    samples: counter(({ rescued }) => [[{}, rescued]]),
  },
  {
    name: "switchyard_latency_seconds",
    type: "histogram",
    unit: "seconds",
    help: "Time to the head of the response.",
    samples: (series) => series.flatMap(histogramOf),
  },
  {
    name: "switchyard_share_ratio",
    type: "gauge",
    unit: "ratio",
    help: "Share of the visitors drawn that is the variant's now.",
    samples: gauge(({ share }) => share),
  },
  {
    name: "switchyard_visitors",
    type: "gauge",
    help: "Visitors in the sample that were exposed to a variant.",
    samples: gauge(({ visitors }) => visitors),
  },
  {
    name: "switchyard_goal_visitors",
    type: "gauge",
    help: "Of these visitors, those that reached a goal.",
    samples: (series) =>
      series.flatMap((totals) =>
        Object.entries(totals.goals).map(([goal, value]) => ({
          suffix: "" as const,
          labels: { ...labelsOf(totals), goal },
          value,
        })),
      ),
  },
  {
    name: "switchyard_srm_p",
    type: "gauge",
    help: "Anytime p-value of the experiment's sample ratio: 0.001 and below is an alert.",
    samples: gauge(({ srmP }) => srmP),
  },
];

/** What each shard has, by its number; nothing for one that does not answer. */
type Shards = readonly (ShardTotals | undefined)[];

/** The families of what the shards have, of one release and at a time (ms since the epoch). */
export function familiesOf(all: Shards, version: string, now: number): Family[] {
  const shards = all.filter((shard) => shard !== undefined);
  const series = shards.flatMap((shard) => shard.series);
  const other = shards.reduce((sum, shard) => sum + shard.other, 0);
  const families: Family[] = BY_VARIANT.map(({ samples, ...family }) => ({
    ...family,
    samples: samples(series),
  }));
  const [requests, ...rest] = families;
  const ages = shards.flatMap(({ reportedAt }) =>
    Object.entries(reportedAt).map(([route, at]): Sample => ({
      suffix: "",
      labels: { route },
      value: Math.max(0, now - at) / 1000,
    })),
  );
  const unnamed = { route: OTHER_ROUTE, experiment: "", variant: "", counted: "false" };
  return [
    ...(requests === undefined
      ? []
      : [
          {
            ...requests,
            samples:
              other === 0
                ? requests.samples
                : [
                    ...requests.samples,
                    { suffix: "_total", labels: unnamed, value: other } as const,
                  ],
          },
        ]),
    ...rest,
    ...guardFamiliesOf(shards.flatMap(({ guards = [] }) => guards)),
    {
      name: "switchyard_report_age_seconds",
      type: "gauge",
      unit: "seconds",
      help: "Time since the newest report of a route.",
      samples: ages,
    },
    {
      name: "switchyard_hub_up",
      type: "gauge",
      help: "Whether a shard of the hub has answered this scrape.",
      samples: all.map((shard, index) => ({
        suffix: "",
        labels: { shard: String(index) },
        value: Number(shard !== undefined),
      })),
    },
    {
      name: "switchyard_build",
      type: "info",
      help: "The release that answers.",
      samples: [{ suffix: "_info", labels: { version }, value: 1 }],
    },
  ];
}
