import * as z from 'zod';

/** Bounds of parallelism by vertex, as Flink's REST API has them. */
export const ResourceRequirements = z.record(
  z.string(),
  z.looseObject({ parallelism: z.object({ lowerBound: z.int(), upperBound: z.int() }) }),
);
export type ResourceRequirements = z.infer<typeof ResourceRequirements>;

/**
 * The bounds that give a job another parallelism.
 *
 * Vertices that run with another parallelism than the job's have it from their program, and keep it; where all have,
 * all are asked for, and the job says what it thinks of it.
 */
export function rescaledBounds(
  now: ResourceRequirements,
  from: number,
  to: number,
): Readonly<Record<string, { readonly parallelism: { lowerBound: number; upperBound: number } }>> {
  // Also those that have reached it: what was asked for once is asked for again after a crash.
  const own = ({ parallelism }: ResourceRequirements[string]): boolean =>
    parallelism.upperBound === from || parallelism.upperBound === to;
  const isAny = Object.values(now).some(own);
  return Object.fromEntries(
    Object.entries(now).map(([vertex, bounds]) => {
      const upperBound = own(bounds) || !isAny ? to : bounds.parallelism.upperBound;
      return [vertex, { parallelism: { lowerBound: Math.min(upperBound, 1), upperBound } }];
    }),
  );
}

/** True when every vertex runs as it was asked to. */
export function isReached(
  now: ResourceRequirements,
  wanted: Readonly<Record<string, { readonly parallelism: { readonly upperBound: number } }>>,
): boolean {
  return Object.entries(wanted).every(
    ([vertex, { parallelism }]) => now[vertex]?.parallelism.upperBound === parallelism.upperBound,
  );
}
