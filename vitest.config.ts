import { defineConfig } from 'vitest/config';

const everywhere = { exclude: ['**/node_modules/**', 'build/**', 'cdk.out/**', '.headwater/**'] };

/** One project per kind of test; `npm test` runs the fast ones, `.ci/run` all of them. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...everywhere,
          name: 'unit',
          include: [
            '{contract,engine,functions,infra,local,cli,examples,bench}/**/*.test.ts',
            'test/{conformance,docs}/**/*.test.ts',
          ],
        },
      },
      { test: { ...everywhere, name: 'tidy', include: ['test/tidy.test.ts'] } },
      {
        test: {
          ...everywhere,
          name: 'infra',
          hookTimeout: 120_000,
          include: ['test/infra/**/*.test.ts'],
          testTimeout: 60_000,
        },
      },
      {
        test: {
          ...everywhere,
          name: 'cloud',
          include: ['test/cloud/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          ...everywhere,
          name: 'simulation',
          include: ['test/simulation/**/*.test.ts'],
          testTimeout: 600_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          ...everywhere,
          name: 'console',
          include: ['test/console/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
