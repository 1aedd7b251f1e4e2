import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { RunnableApplication } from './application-ref.ts';
import { auctionApplication, expectedMatches } from './auctions.fixture.ts';
import { Deployment } from './job-runs.fixture.ts';
import type { Restore } from './job-options.ts';
import { profileApplication } from './profiles.fixture.ts';
import type { TotalsTable } from './counting.fixture.ts';

/** What a deployment had stored under version 1 of manifests and chunks, and what its sinks had written by then. */
interface StoredDeployment {
  readonly rows: Readonly<Record<string, string>>;
  /** By key, base64. */
  readonly objects: Readonly<Record<string, string>>;
}

const programs: Readonly<Record<string, (table: TotalsTable) => RunnableApplication>> = {
  profiles: (table) => profileApplication({ splits: 3, count: 1500, sink: table.sink(5) }),
  auctions: (table) => auctionApplication({ sink: table.sink(5), count: 600 }),
};

const restores: readonly Restore[] = [
  { kind: 'latest-checkpoint' },
  { kind: 'manifest', location: 'd/savepoints/sp-1' },
];

describe('a deployment whose state was written by version 1', () => {
  it.each(
    Object.keys(programs).flatMap((name) =>
      restores.flatMap((restore) => [1, 2, 3].map((parallelism) => ({ name, restore, parallelism }))),
    ),
  )('goes on: $name from $restore.kind with parallelism $parallelism', async ({ name, ...more }) => {
    const { deployment, rows } = await stored(name);
    const application = programs[name]?.(deployment.table) ?? expect.unreachable();
    const run = await deployment.start({}, { application: { application }, ...more });
    expect(await run.toEnd()).toEqual({ state: 'FINISHED', fenced: false });
    expect(run.job.status().checkpoints.counts.restored).toBe(1);
    expect(new Map([...rows, ...deployment.table.rows])).toEqual(await uninterrupted(name));
  });
});

async function stored(name: string): Promise<{ deployment: Deployment; rows: [string, string][] }> {
  const file = new URL(`../../test/data/checkpoints/v1/${name}.json`, import.meta.url);
  const { rows, objects } = JSON.parse(readFileSync(file, 'utf8')) as StoredDeployment; // ours
  const deployment = new Deployment();
  deployment.epoch = 1;
  for (const [key, text] of Object.entries(objects)) {
    await deployment.storage.put(key, Buffer.from(text, 'base64'));
  }
  return { deployment, rows: Object.entries(rows) };
}

async function uninterrupted(name: string): Promise<ReadonlyMap<string, string>> {
  if (name === 'auctions') return expectedMatches(600);
  const deployment = new Deployment();
  const application = programs[name]?.(deployment.table) ?? expect.unreachable();
  const run = await deployment.start({}, { application: { application }, checkpointIntervalMs: 0 });
  await run.toEnd();
  return deployment.table.rows;
}
