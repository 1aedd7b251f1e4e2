interface SparklineProps {
  /** Oldest first; gaps are null. */
  readonly values: readonly (number | null)[];
  readonly label: string;
}

const WIDTH = 120;
const HEIGHT = 22;

/** The course of a figure over the last minutes, as a line without axes. */
export function Sparkline({ values, label }: SparklineProps) {
  const known = values.filter((value) => value !== null);
  if (known.length < 2) return <div className="sparkline" aria-hidden="true" />;
  const top = Math.max(...known, 1e-9);
  const step = WIDTH / (values.length - 1);
  const points = values.flatMap((value, index) =>
    value === null
      ? []
      : [`${(index * step).toFixed(1)},${(HEIGHT - 1 - (value / top) * (HEIGHT - 3)).toFixed(1)}`],
  );
  return (
    <svg
      className="sparkline"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <polyline points={points.join(' ')} vectorEffect="non-scaling-stroke" />
    </svg>
  );
}
