import { beforeEach, describe, expect, it } from 'vitest';
import type { SnapshotPart } from '../../state/snapshot.ts';
import type { ManifestChunk } from './manifest.ts';
import { SnapshotIntake, writerOf } from './snapshot-intake.ts';

const phases = { startDelayMs: 0, alignmentMs: 0, syncMs: 0, asyncMs: 0 };

/** A pool whose writes are ended by the test. */
class ManualPool {
  readonly writes: { readonly text: string; readonly end: (error?: Error) => Promise<void> }[] = [];

  store(part: SnapshotPart, named: (chunk: ManifestChunk) => void): Promise<number> {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    const text = new TextDecoder().decode(part.bytes);
    const { bytes, keyGroups, state, entries } = part;
    named({ key: text, bytes: bytes.length, crc: 0, keyGroups, state, entries });
    const end = async (error?: Error): Promise<void> => {
      if (error === undefined) resolve(bytes.length);
      else reject(error);
      await new Promise(setImmediate);
    };
    this.writes.push({ text, end });
    return promise;
  }
}

describe('the intake of snapshots', () => {
  let pool: ManualPool;
  let released: number;
  let failures: [number, string][];
  let intake: SnapshotIntake;

  beforeEach(() => {
    pool = new ManualPool();
    released = 0;
    failures = [];
    intake = new SnapshotIntake({
      store: (part, named) => pool.store(part, named),
      released: (_, bytes) => {
        released += bytes;
      },
      failed: (checkpointId, error) => failures.push([checkpointId, String(error)]),
    });
  });

  function hand(checkpointId: number, ...texts: string[]): void {
    intake.take({ checkpointId, vertex: 0, subtask: 0, parts: texts.map(part) });
  }

  function end(checkpointId: number, continued: boolean): void {
    const tables = continued ? [{ operatorId: 'o', state: 's' }] : [];
    intake.end({ checkpointId, vertex: 0, subtask: 0, continued: tables, splits: [], phases });
  }

  const chain = () => [...intake.chains.of(writerOf(0, 0))].map(({ chunk }) => chunk?.key);
  const held = () => [...intake.held()].map(({ chunk }) => chunk?.key);

  it('stores parts while more are written, and gives back their bytes as they are stored', async () => {
    hand(1, 'base');
    expect([pool.writes.length, chain(), held()]).toEqual([1, [], ['base']]);
    hand(1, 'more');
    await pool.writes[1]?.end();
    expect(released).toBe(4);
    await pool.writes[0]?.end();
    end(1, false);
    expect([released, chain()]).toEqual([8, ['base', 'more']]);
  });

  it('keeps what was handed over also where its checkpoint was given up', async () => {
    hand(1, 'base');
    end(1, false);
    hand(2, 'change');
    end(2, true);
    expect(chain()).toEqual(['base', 'change']);
    for (const write of pool.writes) await write.end();
    await expect(intake.stored(0, 0)).resolves.toBeUndefined();
  });

  it('drops what a subtask gave up before it was whole, and what a whole snapshot replaces', async () => {
    hand(1, 'base');
    end(1, false);
    hand(2, 'given up');
    hand(3, 'change');
    expect(held()).toEqual(['base', 'change']);
    end(3, false);
    expect(held()).toEqual(['change']);
    expect(released).toBe(0);
    for (const write of pool.writes) await write.end();
    expect(released).toBe('basegiven upchange'.length);
  });

  it('keeps a part that cannot be stored, tells its checkpoint, and stores it with the next one', async () => {
    hand(1, 'base');
    await pool.writes[0]?.end(new Error('the disk is full'));
    expect([failures, released]).toEqual([[[1, 'Error: the disk is full']], 0]);
    end(1, false);
    intake.retry(2);
    expect(pool.writes).toHaveLength(2);
    await pool.writes[1]?.end();
    await intake.stored(0, 0);
    expect([released, chain()]).toEqual([4, ['base']]);
    intake.retry(3);
    expect(pool.writes).toHaveLength(2);
  });

  it('gives back the bytes of a part that failed and that nobody wants any more', async () => {
    hand(1, 'base');
    await pool.writes[0]?.end(new Error('no'));
    end(1, false);
    end(2, false);
    expect([released, held()]).toEqual([4, []]);
  });

  it('does not complete a subtask whose part could not be stored', async () => {
    hand(1, 'base');
    end(1, false);
    const stored = intake.stored(0, 0);
    void pool.writes[0]?.end(new Error('no'));
    await expect(stored).rejects.toThrow('no');
  });
});

function part(text: string): SnapshotPart {
  return {
    operatorId: 'o',
    operatorName: 'operator',
    state: 's',
    keyGroups: { start: 0, end: 1 },
    distribution: 'key-groups',
    entries: 1,
    bytes: new TextEncoder().encode(text),
  };
}
