import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openEvents } from './events.ts';
import type { Events } from './events.ts';

let directory: string;
let events: Events;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'events-'));
  events = openEvents({
    file: join(directory, 'events.db'),
    place: { account: '000000000000', region: 'eu-west-1' },
    deliver: async () => {},
    onError: (message) => expect.unreachable(message),
  });
});
afterEach(async () => {
  await events.close();
  rmSync(directory, { recursive: true, force: true });
});

test('a rule tells its targets', async () => {
  const arn = 'arn:aws:lambda:eu-west-1:000000000000:function:f';
  events.putRule({ name: 'r', pattern: { source: ['a'] }, enabled: true, targets: [{ id: 't', arn }] });
  expect(await events.invoke('ListTargetsByRule', { Rule: 'r' })).toMatchObject({
    Targets: [{ Id: 't', Arn: arn }],
  });
  await expect(events.invoke('ListTargetsByRule', { Rule: 'none' })).rejects.toMatchObject({
    type: 'ResourceNotFoundException',
  });
});

test('a pattern is tried against an event', async () => {
  const Event = JSON.stringify({ source: 'a' });
  const tryPattern = (EventPattern: string) => events.invoke('TestEventPattern', { Event, EventPattern });
  expect(await tryPattern('{"source":["a"]}')).toEqual({ Result: true });
  expect(await tryPattern('{"source":["b"]}')).toEqual({ Result: false });
  await expect(tryPattern('{')).rejects.toMatchObject({ type: 'InvalidEventPatternException' });
});
