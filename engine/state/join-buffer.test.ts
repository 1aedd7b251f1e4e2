import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { t } from '../data/built-in-types.ts';
import { keyGroupRange } from '../data/key-groups.ts';
import type { StateOwner } from './state-owner.ts';
import { JoinBuffer } from './join-buffer.ts';
import { openState, restoreState, TableSnapshot } from './operator-state.ts';
import type { SnapshotPart } from './snapshot.ts';

const RETENTION_MS = 2500;
const keys = ['a', 'b', 'c'];

interface Step {
  readonly key: string;
  readonly time: number;
  /** Where given, the horizon moves instead of a record coming. */
  readonly horizon: number | undefined;
}

const step = fc.record({
  key: fc.constantFrom(...keys),
  time: fc.integer({ min: -3000, max: 9000 }),
  horizon: fc.option(fc.integer({ min: -4000, max: 9000 }), { nil: undefined, freq: 4 }),
});

/** What a buffer is to hold, kept the obvious way. */
class Oracle {
  records: (readonly [key: string, time: number, id: number])[] = [];
  horizon = Number.NEGATIVE_INFINITY;

  apply({ key, time, horizon }: Step, id: number): void {
    if (horizon === undefined) {
      this.records.push([key, time, id]);
    } else if (horizon > this.horizon) {
      this.horizon = horizon;
      this.records = this.records.filter((record) => record[1] > horizon);
    }
  }

  content(): Record<string, unknown> {
    const sorted = this.records.toSorted((left, right) => left[1] - right[1] || left[2] - right[2]);
    return Object.fromEntries(
      keys.map((key) => [key, sorted.filter((record) => record[0] === key).map(([, ...rest]) => rest)]),
    );
  }
}

function newBuffer(): JoinBuffer {
  return new JoinBuffer({ name: 'left', kind: 'join-buffer', schema: t.int }, RETENTION_MS);
}

function apply(buffer: JoinBuffer, { key, time, horizon }: Step, id: number): void {
  if (horizon === undefined) {
    buffer.add(key, time, id);
  } else {
    buffer.advance(horizon);
  }
}

function content(buffer: JoinBuffer): Record<string, unknown> {
  return Object.fromEntries(
    keys.map((key) => {
      const records = buffer.of(key);
      if (records === undefined) return [key, []];
      const all = records.times.map((time, index) => [time, records.values[index]]);
      return [key, all.slice(buffer.start(records, Number.NEGATIVE_INFINITY))];
    }),
  );
}

/** Horizons rise, as watermarks do. */
function rising(steps: readonly Step[], from = Number.NEGATIVE_INFINITY): Step[] {
  let last = from;
  return steps.map((each) => {
    last = Math.max(last, each.horizon ?? last);
    return each.horizon === undefined ? each : { ...each, horizon: last };
  });
}

const owner: StateOwner = {
  operatorId: 'op',
  operatorName: 'op',
  subtask: 0,
  parallelism: 1,
  maxParallelism: 128,
  keyGroups: keyGroupRange(0, 128, 1),
};

function restored(parts: readonly SnapshotPart[]): JoinBuffer {
  const buffer = newBuffer();
  restoreState({ parts: () => parts }, owner, [buffer]);
  return buffer;
}

describe('a join buffer', () => {
  test('holds by key and time what came after the horizon or moved behind it since', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const [buffer, oracle] = [newBuffer(), new Oracle()];
        for (const [id, each] of rising(steps).entries()) {
          apply(buffer, each, id);
          oracle.apply(each, id);
        }
        expect(content(buffer)).toEqual(oracle.content());
      }),
    );
  });

  test('is in a snapshot what it was at its begin, whatever changes meanwhile', () => {
    const steps = fc.array(step, { maxLength: 50 });
    fc.assert(
      fc.property(steps, steps, (before, during) => {
        const [buffer, oracle] = [newBuffer(), new Oracle()];
        for (const [id, each] of rising(before).entries()) {
          apply(buffer, each, id);
          oracle.apply(each, id);
        }
        const snapshot = new TableSnapshot(openState(owner, [buffer]), { now: () => 0 });
        for (const [id, each] of rising(during, oracle.horizon).entries()) {
          apply(buffer, each, 100 + id);
        }
        while (!snapshot.step(0)) {
          // One slice after the other.
        }
        expect(content(restored(snapshot.take()))).toEqual(oracle.content());
      }),
    );
  });

  test('lets go of keys that nobody asks for', () => {
    const buffer = newBuffer();
    for (let time = 0; time < 100; time++) buffer.add(`key ${time}`, time * 100, time);
    buffer.advance(5000);
    expect(buffer.entryCount).toBe(50);
    buffer.advance(11_000);
    expect([buffer.entryCount, [...buffer.keys()]]).toEqual([0, []]);
  });
});
