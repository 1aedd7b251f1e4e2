import { mkdtempSync, rmSync, truncateSync, writeFileSync, readFileSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FrameWriter } from '../../data/frame-writer.ts';
import { keyGroupOf, type Key } from '../../data/key-groups.ts';
import { Compaction } from './compaction.ts';
import { nodeFiles } from './disk-files.ts';
import { LogStore } from './log-store.ts';
import { RecordKey } from './record-key.ts';

const MAX_PARALLELISM = 128;
const LAYOUT = { kind: 'value' } as const;

let directory = '';
let opened = 0;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'log-store-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const open = (segmentBytes = 2048): LogStore =>
  new LogStore({
    files: nodeFiles(join(directory, `store-${opened++}`)),
    name: 'cell',
    layout: LAYOUT,
    chunkBytes: 512,
    segmentBytes,
  });

const key = new RecordKey();
const writer = new FrameWriter();

function put(store: LogStore, name: Key, text: string, owed = false): void {
  writer.reset();
  writer.string(text);
  key.set(name);
  const stored = store.has(key);
  store.put(key, { keyGroup: keyGroupOf(name, MAX_PARALLELISM), value: writer.finish(), stored, owed });
}

function remove(store: LogStore, name: Key): void {
  key.set(name);
  store.remove(key, keyGroupOf(name, MAX_PARALLELISM));
}

function get(store: LogStore, name: Key): string | undefined {
  key.set(name);
  return store.find(key)?.string();
}

/** A store that is made of what the snapshots of another gave. */
class Chain {
  chunks: Uint8Array[] = [];

  snapshot(store: LogStore, whole = false): void {
    const dropped = store.beginSnapshot(whole);
    const added = store.endSnapshot();
    const kept = this.chunks.filter((_, place) => !dropped.includes(place));
    this.chunks = [...(whole ? [] : kept), ...added.map((chunk) => store.bytesOf(chunk))];
    store.handedOver();
  }

  restored(): LogStore {
    const store = open();
    for (const bytes of this.chunks) store.adopt(bytes);
    return store;
  }
}

describe('the log store', { timeout: 30_000 }, () => {
  test('gives back the last value of a key', () => {
    const store = open();
    put(store, 'a', '1');
    put(store, 'a', '2');
    put(store, 1, 'one');
    expect([get(store, 'a'), get(store, 1), get(store, '1')]).toEqual(['2', 'one', undefined]);
    remove(store, 'a');
    expect([get(store, 'a'), store.size]).toEqual([undefined, 1]);
  });

  test('keeps what is owed apart from what came after the snapshot began', () => {
    const store = open();
    const chain = new Chain();
    put(store, 'a', 'before');
    store.beginSnapshot(false);
    put(store, 'b', 'owed', true);
    put(store, 'a', 'after');
    for (let index = 0; index < 200; index++) put(store, `later ${index}`, 'x');
    const added = store.endSnapshot();
    chain.chunks = added.map((chunk) => store.bytesOf(chunk));
    store.handedOver();
    const restored = chain.restored();
    expect([get(restored, 'a'), get(restored, 'b'), restored.size]).toEqual(['before', 'owed', 2]);
    expect([get(store, 'a'), get(store, 'b'), store.size]).toEqual(['after', 'owed', 202]);
  });

  test('does not grow with updates of the same keys', () => {
    const store = open();
    const compaction = new Compaction(store);
    for (let round = 0; round < 100; round++) {
      for (let index = 0; index < 40; index++) {
        put(store, index, `round ${round}`);
        compaction.step(64);
      }
    }
    expect(store.segments.bytes).toBeLessThan(20_000);
    expect(get(store, 7)).toBe('round 99');
  });

  test('does not grow with keys that come and go', () => {
    const store = open();
    const compaction = new Compaction(store);
    for (let index = 0; index < 30_000; index++) {
      put(store, index, 'x');
      if (index >= 10) remove(store, index - 10);
      compaction.step(64);
    }
    expect(store.size).toBe(10);
    expect(store.segments.bytes).toBeLessThan(3_000_000);
  });

  test('keeps a tombstone for as long as the chain has what it hides', () => {
    const store = open(1);
    const chain = new Chain();
    put(store, 'hidden', 'x');
    // Its chunk stays, since all else in it is live.
    for (let index = 0; index < 12; index++) put(store, `live ${index}`, 'x');
    chain.snapshot(store);
    remove(store, 'hidden');
    for (let round = 0; round < 40; round++) put(store, 'dead', String(round));
    chain.snapshot(store);
    const written = store.written.length;
    const compaction = new Compaction(store);
    while (compaction.step(64));
    expect(store.written.length).toBeLessThan(written);
    chain.snapshot(store);
    const restored = chain.restored();
    expect([get(restored, 'hidden'), get(restored, 'live 0'), get(restored, 'dead')]).toEqual([
      undefined,
      'x',
      '39',
    ]);
  });

  test('refuses a file that has become shorter, and a record that has changed', () => {
    const store = open();
    for (let index = 0; index < 50; index++) put(store, index, `value ${index}`);
    const folder = join(directory, `store-${opened - 1}`);
    const file = join(folder, readdirSync(folder)[0] ?? '');
    const bytes = readFileSync(file);
    bytes[60] = (bytes[60] ?? 0) ^ 1;
    writeFileSync(file, bytes);
    expect(() => get(store, 0)).toThrow(/is not what was written/);
    truncateSync(file, 10);
    expect(() => get(store, 1)).toThrow(/ends at .* bytes too early/);
  });

  test('holds what a map would hold, through snapshots, compaction and restores', () => {
    const name = fc.oneof(fc.nat(30), fc.constantFrom('a', 'ü', '日本', 'a longer key than most', true, 7n));
    const step = fc.oneof(
      { weight: 20, arbitrary: fc.record({ kind: fc.constant('put'), name, text: fc.string() }) },
      { weight: 6, arbitrary: fc.record({ kind: fc.constant('remove'), name }) },
      { weight: 3, arbitrary: fc.record({ kind: fc.constant('compact'), limit: fc.nat(100) }) },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('snapshot'), whole: fc.boolean() }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('restore') }) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
        let store = open();
        let compaction = new Compaction(store);
        const chain = new Chain();
        let model = new Map<Key, string>();
        let saved = new Map<Key, string>();
        for (const each of steps) {
          if ('text' in each) {
            put(store, each.name, each.text);
            model.set(each.name, each.text);
          } else if ('name' in each) {
            remove(store, each.name);
            model.delete(each.name);
          } else if ('limit' in each) {
            store.changed = true;
            compaction.step(each.limit);
          } else if ('whole' in each) {
            chain.snapshot(store, each.whole);
            saved = new Map(model);
          } else {
            store.close();
            store = chain.restored();
            compaction = new Compaction(store);
            model = new Map(saved);
          }
          expect(store.size).toBe(model.size);
        }
        for (const [each, text] of model) expect(get(store, each)).toBe(text);
        const restored = chain.restored();
        expect(restored.size).toBe(saved.size);
        for (const [each, text] of saved) expect(get(restored, each)).toBe(text);
        restored.close();
        store.close();
      }),
      { numRuns: 150 },
    );
  });
});
