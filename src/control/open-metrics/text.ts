/** What may be in front of a sample's value, beside its family's name. */
export type Labels = Readonly<Record<string, string>>;

/** One value of a family. A histogram has one for each of its parts. */
export interface Sample {
  /** What is added to the family's name: nothing for a gauge, `_total` for a counter, and so on. */
  readonly suffix: "" | "_total" | "_info" | "_bucket" | "_count" | "_sum";
  readonly labels: Labels;
  readonly value: number;
}

/** Values of one name, with what they are. */
export interface Family {
  /** Without the suffix of its samples. */
  readonly name: string;
  readonly type: "counter" | "gauge" | "histogram" | "info";
  /** A base unit, which then ends the name; absent for a pure number. */
  readonly unit?: "seconds" | "ratio";
  readonly help: string;
  /** Those with the same labels, the bucket's bound aside, stand next to each other. */
  readonly samples: readonly Sample[];
}

/** The two formats that Prometheus reads, by their media type. */
export const FORMATS = {
  openMetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8",
  prometheus: "text/plain; version=0.0.4; charset=utf-8",
} as const;

export type Format = keyof typeof FORMATS;

/**
 * The format for an `Accept` field: OpenMetrics for whoever asks for it, as Prometheus does, and for
 * all others the older one, which every tool reads.
 */
export function formatFor(accept: string | null): Format {
  return accept?.toLowerCase().includes("application/openmetrics-text") === true
    ? "openMetrics"
    : "prometheus";
}

const ESCAPES: Readonly<Record<string, string>> = { "\\": "\\\\", '"': '\\"', "\n": "\\n" };

/** A label's value between its quotes. Lone surrogates, which UTF-8 has no bytes for, are replaced. */
const escaped = (text: string): string =>
  text.toWellFormed().replaceAll(/[\\"\n]/g, (found) => ESCAPES[found] ?? "");

function labelsOf(labels: Labels): string {
  const parts = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return parts.length === 0 ? "" : `{${parts.join(",")}}`;
}

/** The name that the older format's comments have: it knows no suffix that is not part of the name. */
const OLDER_SUFFIX: Readonly<Record<Family["type"], string>> = {
  counter: "_total",
  gauge: "",
  histogram: "",
  info: "_info",
};

function headOf({ name, type, unit, help }: Family, format: Format): string {
  const isOlder = format === "prometheus";
  const named = isOlder ? name + OLDER_SUFFIX[type] : name;
  const lines = [`# TYPE ${named} ${isOlder && type === "info" ? "gauge" : type}`];
  if (unit !== undefined && !isOlder) lines.push(`# UNIT ${named} ${unit}`);
  lines.push(`# HELP ${named} ${escaped(help)}`);
  return lines.join("\n");
}

/**
 * Families as text: OpenMetrics 1.0, strictly, or the Prometheus text format 0.0.4. Both end with
 * `# EOF`, a comment to the older one, which tells a whole answer from one that was cut short. A family
 * without samples is left out.
 */
export function metricsText(families: readonly Family[], format: Format): string {
  const lines: string[] = [];
  for (const family of families) {
    if (family.samples.length === 0) continue;
    lines.push(headOf(family, format));
    for (const { suffix, labels, value } of family.samples)
      lines.push(`${family.name}${suffix}${labelsOf(labels)} ${numberText(value)}`);
  }
  lines.push("# EOF");
  return `${lines.join("\n")}\n`;
}

function numberText(value: number): string {
  if (value === Infinity) return "+Inf";
  if (value === -Infinity) return "-Inf";
  return String(value);
}
