import { describe, expect, it } from 'vitest';
import { World } from './deployment-life.fixture.ts';
import { seen } from './job-world.fixture.ts';
import { garbageOf, isCollectable } from './garbage.ts';
import type { LocatedManifest } from './manifest.ts';

describe('a deployment', () => {
  it('loses nothing that may be read, and keeps nothing that nobody refers to', async () => {
    for (let seed = 1; seed <= 8; seed += 1) await new World(seed).live(1000);
    expect(seen.checkpoints).toBeGreaterThan(100);
    expect(seen.savepoints).toBeGreaterThan(20);
    for (const count of [seen.disposals, seen.fenced, seen.restores, seen.forks])
      expect(count).toBeGreaterThan(5);
  }, 60_000);
});

describe('garbage', () => {
  it('is what neither manifests nor chains refer to', () => {
    const manifest = { operators: [{ chunks: [{ key: 'd/chunks/1/b' }] }] };
    const kept = { key: 'd/jobs/j/1/chk-2.json', manifest } as unknown as LocatedManifest; // all that is looked at
    const objects = ['d/chunks/1/a', 'd/chunks/1/b', 'd/chunks/1/c', 'd/jobs/j/1/chk-1.json', kept.key];
    expect(garbageOf({ objects, manifests: [kept], held: ['d/chunks/1/c'] })).toEqual([
      'd/chunks/1/a',
      'd/jobs/j/1/chk-1.json',
    ]);
  });

  it.each([
    [`d/chunks/3/${'a'.repeat(64)}`, true],
    [`d/chunks/3/${'a'.repeat(64)}-2`, true],
    [`d/chunks/4/${'a'.repeat(64)}`, false],
    ['d/jobs/j/3/chk-12.json', true],
    ['d/jobs/j/4/chk-12.json', false],
    [`d/jobs/j/chunks/${'a'.repeat(64)}`, true],
    ['d/jobs/j/chk-12.json', true],
    ['d/jobs/j/end.json', false],
    ['d/head.json', false],
    ['d/savepoints/s/manifest.json', false],
    ['e/jobs/j/3/chk-12.json', false],
  ])('of epoch 3 may be %s: %s', (key, collectable) => {
    expect(isCollectable('d', key, 3)).toBe(collectable);
  });
});
