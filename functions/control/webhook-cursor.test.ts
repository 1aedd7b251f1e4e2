import { expect, test } from 'vitest';
import { ulid } from '#contract/id.ts';
import { advanced, failed, isHopeless, isNew, lookFrom, retryDelayMs, wants } from './webhook-cursor.ts';

const nowMs = Date.parse('2026-11-21T12:00:00.000Z');
const idAt = (ms: number): string => ulid(nowMs + ms, new Uint8Array(16).fill(1));
const fresh = { position: null, recent: [], attempts: 0, failingSince: null, nextAttemptAt: null };

test('an event that is written after one with a higher id is still new', () => {
  const cursor = advanced(fresh, idAt(1000));
  expect(isNew(idAt(500), cursor)).toBe(true);
  expect(lookFrom(cursor.position, '2026-01-01T00:00:00.000Z') < idAt(500)).toBe(true);
  const both = advanced(cursor, idAt(500));
  expect(both.position).toBe(idAt(1000));
  expect([idAt(500), idAt(1000)].map((id) => isNew(id, both))).toEqual([false, false]);
});

test('what was told long ago is forgotten, and not looked for any more', () => {
  const cursor = advanced(advanced(fresh, idAt(0)), idAt(120_000));
  expect(cursor.recent).toEqual([idAt(120_000)]);
  expect(lookFrom(cursor.position, '2026-01-01T00:00:00.000Z') > idAt(0)).toBe(true);
});

test('nothing from before the webhook is told', () => {
  expect(lookFrom(null, new Date(nowMs).toISOString()) > idAt(-1)).toBe(true);
  const cursor = advanced(fresh, idAt(1000));
  expect(lookFrom(cursor.position, new Date(nowMs).toISOString()) > idAt(-1)).toBe(true);
});

test('pauses grow to half an hour, and after a day nobody is expected to listen', () => {
  expect([1, 2, 3, 4, 5, 20].map((attempts) => retryDelayMs(attempts))).toEqual([
    1000, 5000, 15_000, 30_000, 60_000, 1_800_000,
  ]);
  const once = failed(fresh, nowMs);
  const twice = failed(once, nowMs + 86_400_000);
  expect(twice).toMatchObject({ attempts: 2, failingSince: once.failingSince });
  expect(isHopeless(once, nowMs + 86_399_999)).toBe(false);
  expect(isHopeless(twice, nowMs + 86_400_000)).toBe(true);
  expect(isHopeless(advanced(twice, idAt(0)), nowMs + 86_400_000)).toBe(false);
});

test('without names everything is wanted, with names only what they name', () => {
  const event = { name: 'job-ended', deployment: 'clicks' } as const;
  expect(wants({ events: [], deployments: [] }, event)).toBe(true);
  expect(wants({ events: ['job-ended'], deployments: ['clicks'] }, event)).toBe(true);
  expect(wants({ events: ['job-created'], deployments: [] }, event)).toBe(false);
  expect(wants({ events: [], deployments: ['payments'] }, event)).toBe(false);
});
