import { expect, test } from 'vitest';
import { Problem } from '#contract/problems.ts';
import { chooseRestore } from './choose-restore.ts';
import { id, savepointAt } from './control.fixture.ts';

const old = savepointAt('2', '2026-11-21T12:00:01.000Z');
const newest = savepointAt('3', '2026-11-21T12:00:03.000Z');
const failed = savepointAt('4', null, 'failed');
const savepoints = [old, failed, newest];
const checkpointAt = (time: string) => ({ id: 7, location: 's3://bucket/chk-7', atMs: Date.parse(time) });
const earlier = checkpointAt('2026-11-21T12:00:02.000Z');
const later = checkpointAt('2026-11-21T12:00:04.000Z');
const none = { deployment: 'clicks', savepoints: [], checkpoint: undefined };
const latest = { kind: 'latest-state' } as const;
const fromNewest = { kind: 'savepoint', savepointId: newest.id, location: newest.location };
const fromCheckpoint = { kind: 'checkpoint', checkpointId: 7, location: 's3://bucket/chk-7' };

test('latest-state takes the checkpoint when it is younger than every savepoint', () => {
  expect(chooseRestore(latest, { ...none, savepoints, checkpoint: later })).toEqual(fromCheckpoint);
});

test('latest-state takes the newest savepoint when it is younger than the checkpoint', () => {
  expect(chooseRestore(latest, { ...none, savepoints, checkpoint: earlier })).toEqual(fromNewest);
});

test('latest-state takes the savepoint when both are of the same moment', () => {
  const checkpoint = checkpointAt('2026-11-21T12:00:03.000Z');
  expect(chooseRestore(latest, { ...none, savepoints, checkpoint })).toEqual(fromNewest);
});

test('latest-state takes whichever of the two there is, and nothing when there is none', () => {
  expect(chooseRestore(latest, { ...none, savepoints })).toEqual(fromNewest);
  expect(chooseRestore(latest, { ...none, savepoints: [failed], checkpoint: earlier })).toEqual(
    fromCheckpoint,
  );
  expect(chooseRestore(latest, none)).toEqual({ kind: 'none' });
});

test('latest-savepoint does not look at checkpoints', () => {
  const strategy = { kind: 'latest-savepoint' } as const;
  expect(chooseRestore(strategy, { ...none, savepoints, checkpoint: later })).toEqual(fromNewest);
  expect(chooseRestore(strategy, { ...none, checkpoint: later })).toMatchObject({
    code: 'no-state-to-restore',
  });
});

test('a named savepoint is restored when it is complete, and else refused by name', () => {
  const restore = (savepointId: string) =>
    chooseRestore({ kind: 'savepoint', savepointId }, { ...none, savepoints });
  expect(restore(old.id)).toMatchObject({ savepointId: old.id });
  for (const missing of [failed.id, id('9')]) {
    const problem = restore(missing);
    expect(problem).toBeInstanceOf(Problem);
    expect((problem as Problem).message).toContain(`"${missing}"`);
  }
});

test('none begins empty although there is state', () => {
  expect(chooseRestore({ kind: 'none' }, { ...none, savepoints, checkpoint: later })).toEqual({
    kind: 'none',
  });
});
