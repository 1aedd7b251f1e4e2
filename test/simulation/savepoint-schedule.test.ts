/** Thirty days of scheduled savepoints in the model of the platform: what is left is exactly what the rules say. */
import { expect, test, vi } from 'vitest';
// First, since it silences the logger before anything of the control plane reads its settings.
import { beginningOf } from '../model/beginnings.ts';
import { explore } from '../model/explore.ts';
import { deviatingSchedule } from '../model/schedule.ts';
import type { World } from '../model/world.ts';
import { bucketKeys } from '#contract/names.ts';
import type { Deployment } from '#contract/resources/deployment.ts';
import type { Savepoint } from '#contract/resources/savepoint.ts';
import { housekeeping } from '#functions/events/housekeeping.ts';

const HOUR_MS = 3_600_000;
const DAYS = 30;
const schedule = [
  { every: '1 hour', keep: 24 },
  { every: '1 day', keep: 7 },
];
// Thousands of operations are carried out, step by step.
vi.setConfig({ testTimeout: 900_000 });

/** Lets a function of the platform run, and all that comes of it. */
async function run(world: World, name: string, act: Parameters<World['spawn']>[1]): Promise<void> {
  world.spawn(name, act, (ending) => {
    if (ending.kind !== 'answered')
      throw new Error(`Cannot go on: ${name} ended as ${JSON.stringify(ending)}`);
  });
  await explore(world, [], deviatingSchedule([], []));
}

async function schedulesOf(world: World): Promise<Deployment> {
  await run(world, 'set the schedule', async ({ stores }) => {
    const found = await stores.deployments.get('default', 'clicks');
    if (found === undefined) throw new Error('Cannot set a schedule: there is no deployment');
    const savepoints = { ...found.spec.savepoints, schedule };
    const spec = { ...found.spec, savepoints };
    const stated = { ...found.stated, savepoints };
    await stores.commit([
      stores.deployments.replaced({ ...found, spec, stated, revision: found.revision + 1 }),
    ]);
  });
  // The stores write this type and nothing else.
  return world.judge.items('deployment#')[0] as unknown as Deployment;
}

/** The newest times of a rule, the last of them first. */
function slots(lastMs: number, everyMs: number, count: number): string[] {
  const newest = Math.floor(lastMs / everyMs) * everyMs;
  return Array.from({ length: count }, (_, index) => new Date(newest - index * everyMs).toISOString());
}

test('thirty days of a schedule leave what its rules keep, in the list and in the bucket', async () => {
  const world = await beginningOf('running');
  const { id } = await schedulesOf(world);
  await run(world, 'housekeeping', housekeeping);
  const firstMs = Math.ceil(world.nowMs / HOUR_MS) * HOUR_MS;
  const lastMs = firstMs + DAYS * 24 * HOUR_MS;
  for (let slotMs = firstMs; slotMs <= lastMs; slotMs += HOUR_MS) {
    world.advanceTo(slotMs);
    // At midnight both rules want one; what goes by rule goes with the look after that.
    const looks = slotMs % (24 * HOUR_MS) === 0 ? 3 : 2;
    for (let look = 0; look < looks; look += 1) await run(world, 'housekeeping', housekeeping);
    expect(world.judge.violations).toEqual([]);
  }
  const savepoints = world.judge.items('savepoint#') as unknown as Savepoint[];
  const scheduled = savepoints.filter(({ origin }) => origin === 'scheduled');
  const described = scheduled.map(({ description }) => description).toSorted();
  const expected = [
    ...slots(lastMs, HOUR_MS, 24).map((slot) => `1 hour, ${slot}`),
    ...slots(lastMs, 24 * HOUR_MS, 7).map((slot) => `1 day, ${slot}`),
  ];
  expect(described).toEqual(expected.toSorted());
  const folders = world.bucket
    .keys(`${bucketKeys.checkpoints(id)}/savepoints/`)
    .map((key) => key.split('/')[3]);
  expect(new Set(folders)).toEqual(new Set(savepoints.map((savepoint) => savepoint.id)));
});
