import { expect, test } from 'vitest';
import { checkpointSettings } from './checkpoint-settings.ts';

const read = (value: unknown) => checkpointSettings(value, 'HEADWATER_CHECKPOINTING');

test('settings of checkpoints are the options of the job, and nothing is set where nothing is said', () => {
  const settings = { checkpointMinPauseMs: 0, retainedCheckpoints: 3, unalignedAfterMs: 500 };
  expect(read(settings)).toEqual(settings);
  expect(read({})).toEqual({});
});

test.each([
  [{ retained: 3 }, 'a field "retained"'],
  [{ retainedCheckpoints: 0 }, 'retainedCheckpoints is 0, it must be a whole number from 1'],
  [{ checkpointTimeoutMs: '1 minute' }, 'checkpointTimeoutMs is "1 minute"'],
  [[], 'must be an object'],
])('a worker refuses settings of checkpoints such as %j by name', (value, message) => {
  expect(() => read(value)).toThrow(message);
});
