import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bucketKeys } from '#contract/names.ts';
import { bundled } from './bundles.ts';
import { ChaosDeployment, type ChaosResult, type ChaosRun, type SinkName } from './chaos-deployment.ts';
import { openStores } from './stores.ts';

/** Deployments at once: more would only take each other's time. */
const AT_ONCE = 4;

/** What a run is asked for. */
export interface ChaosOptions {
  readonly seed: number;
  /** Of all deployments together. */
  readonly kills: number;
  readonly pipelines: readonly string[];
  say(this: void, line: string): void;
}

/** Runs a deployment for each pipeline, some at once, and kills their workers. */
export async function chaos({ seed, kills, pipelines, say }: ChaosOptions): Promise<readonly ChaosResult[]> {
  const directory = await mkdtemp(join(tmpdir(), 'headwater-chaos-'));
  const stores = await openStores();
  try {
    const [worker, application] = await Promise.all([
      bundled('engine/worker/main.ts'),
      bundled('test/chaos/application.ts'),
    ]);
    const program = join(directory, 'worker.mjs');
    await writeFile(program, worker.bytes);
    const { sha256, bytes } = application;
    const applicationUrl = await stores.putObject(bucketKeys.bundle(sha256), bytes);
    const run: ChaosRun = { stores, program, directory, applicationUrl, applicationSha256: sha256, say };
    const share = Math.ceil(kills / pipelines.length);
    const ordeals = pipelines.map((pipeline, index) => {
      const sink: SinkName = (seed + index) % 2 === 0 ? 'table' : 'files';
      return { pipeline, sink, seed: seed + index };
    });
    const results: ChaosResult[] = [];
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        for (let ordeal = ordeals.shift(); ordeal !== undefined; ordeal = ordeals.shift())
          results.push(await new ChaosDeployment(run, ordeal).live(share));
      }),
    );
    return results;
  } finally {
    await stores.close();
    await rm(directory, { recursive: true, force: true });
  }
}
