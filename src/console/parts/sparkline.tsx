interface SparklineProps {
  /** Oldest first. */
  readonly points: readonly number[];
  /** What the line is of, with its unit and span: told instead of it. */
  readonly label: string;
  readonly width?: number;
  readonly height?: number;
}

/** A line as small as a word, from 0 to its highest point. */
export function Sparkline({ points, label, width = 96, height = 20 }: SparklineProps) {
  const top = Math.max(...points, 1e-9);
  const step = points.length > 1 ? width / (points.length - 1) : 0;
  const line = points
    .map((value, at) => `${(at * step).toFixed(1)},${(height - (value / top) * height).toFixed(1)}`)
    .join(" ");
  return (
    <svg class="spark" width={width} height={height} role="img" aria-label={label}>
      <polyline points={line} />
    </svg>
  );
}
