interface SparklineProps {
  /** Oldest first. */
  readonly points: readonly number[];
  /** A part of those, in the same unit, that is marked below the line: what failed of it. */
  readonly marked?: readonly number[];
  /** What the line is of, with its unit and span: told instead of it. */
  readonly label: string;
  readonly width?: number;
  readonly height?: number;
}

/** A line as small as a word, from 0 to its highest point. */
export function Sparkline({ points, marked, label, width = 96, height = 20 }: SparklineProps) {
  const top = Math.max(...points, 1e-9);
  const step = points.length > 1 ? width / (points.length - 1) : 0;
  const lineOf = (values: readonly number[]) =>
    values
      .map(
        (value, at) => `${(at * step).toFixed(1)},${(height - (value / top) * height).toFixed(1)}`,
      )
      .join(" ");
  return (
    <svg class="spark" width={width} height={height} role="img" aria-label={label}>
      {marked?.some((value) => value > 0) === true && (
        <polygon points={`0,${height} ${lineOf(marked)} ${width},${height}`} />
      )}
      <polyline points={lineOf(points)} />
    </svg>
  );
}
