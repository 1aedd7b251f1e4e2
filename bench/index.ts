import type { Benchmark } from './benchmark.ts';

/** Every benchmark by its name, loaded when it is asked for. */
export const benchmarks: Readonly<Record<string, () => Promise<{ readonly benchmark: Benchmark }>>> = {
  pipeline: () => import('./pipeline.ts'),
  streams: () => import('./streams.ts'),
  nexmark: () => import('./nexmark.ts'),
  checkpoint: () => import('./checkpoint.ts'),
  latency: () => import('./latency.ts'),
  'state-query': () => import('./state-query.ts'),
  recovery: () => import('./recovery.ts'),
  upgrade: () => import('./upgrade.ts'),
  'state-backend': () => import('./state-backend.ts'),
  'local-cloud': () => import('./local-cloud.ts'),
};
